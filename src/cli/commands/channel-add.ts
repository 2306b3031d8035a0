/** `channels add`: credential, channel and access in one step, after one look at the number. */
import type { Answer, Request } from '#api/call.ts';
import { ClientProblem } from '#client/client-problem.ts';
import type { Client } from '#client/create-client.ts';
import type { Call, ClientCommand, Printed } from '#cli/client-command.ts';
import type { Flags } from '#cli/connect.ts';
import { addUpstreamFlags, billedByFlag, upstreamFlag } from '#cli/credential-flags.ts';
import { collected, durationFlag, labelFlags, textFlag } from '#cli/flags.ts';
import { addSecretFlags, readSecret, secretSource } from '#cli/secret-input.ts';
import { healthText } from '#cli/text/health-text.ts';
import { curlText } from '#cli/text/curl.ts';
import { UsageError } from '#cli/usage-error.ts';

type Wish = Request<'putChannel'>['body'];

export const channelAdd: ClientCommand = {
  signature: 'add <name>',
  summary: 'Watch a number: channels add support --dialog360 < key',
  configure(command) {
    addUpstreamFlags(command);
    command
      .option('--node <id>', 'With --graph: the id of the number (or WABA) at Meta.')
      .option('--credential <ref>', 'Ask with this credential instead of a new secret.')
      .option('--external-id <text>', 'The id that it has in a system of yours.')
      .option('--label <name=value>', 'A label; can be given again.', collected)
      .option('--interval <duration>', 'How often to check it.')
      .option('--no-key', 'Give no access: adopt or issue no API key.')
      .option('--no-check', 'Store it without a first look.');
    addSecretFlags(command);
  },
  prepare(_args, flags) {
    wishOf(flags, { ref: 'any' });
    billedByFlag(flags);
  },
  async run(call) {
    const { flags, terminal, client } = call;
    const known = textFlag(flags, 'credential');
    const given =
      known === undefined
        ? await readSecret(terminal, secretSource(flags), secretName(upstreamFlag(flags)))
        : null;
    const credential =
      given === null ? { ref: known ?? '' } : inlineCredential(flags, given.secret);
    const ref = call.args[0] ?? '';
    const { status, body } = await client.putChannel({
      params: { ref },
      body: { ...wishOf(flags, credential), ...(await keptFrom(client, ref, flags)) },
    });
    const access = await accessTo(call, { created: status === 201, channel: body });
    return await printed(call, {
      channel: body,
      created: status === 201,
      access,
      shell: given?.shell ?? null,
    });
  },
};

function secretName(upstream: 'graph' | 'dialog360'): string {
  return upstream === 'graph' ? 'Graph token' : '360dialog key';
}

function inlineCredential(flags: Flags, secret: { reveal(): string }): Wish['credential'] {
  const billedBy = billedByFlag(flags);
  return {
    secret: secret.reveal(),
    app: textFlag(flags, 'app') ?? null,
    ...(billedBy === undefined ? {} : { billed_by: billedBy }),
  };
}

function wishOf(flags: Flags, credential: Wish['credential']): Wish {
  const upstream = upstreamFlag(flags);
  const node = textFlag(flags, 'node');
  if (upstream === 'graph' && node === undefined) {
    throw new UsageError('--node <id> is needed with --graph: the id of the number at Meta.');
  }
  if (upstream === 'dialog360' && node !== undefined) {
    throw new UsageError('--node is only for --graph: a 360dialog key decides which number it is.');
  }
  const intervalMs = durationFlag(flags, 'interval', 15_000);
  return {
    upstream,
    credential,
    node_id: node ?? null,
    external_id: textFlag(flags, 'externalId') ?? null,
    labels: labelFlags(flags),
    check_interval_seconds: intervalMs === undefined ? null : Math.round(intervalMs / 1000),
    check: flags['check'] !== false,
    ...(upstream === 'dialog360' ? { adopt_key: flags['key'] !== false } : {}),
  };
}

type Channel = Answer<'putChannel'>['body'];

/** What a channel of this name has already, and no flag says anew: adding it again drops nothing. */
async function keptFrom(client: Client, ref: string, flags: Flags): Promise<Partial<Wish>> {
  const before = await client.getChannel({ params: { ref } }).catch((error: unknown) => {
    if (error instanceof ClientProblem && error.code === 'not_found') return null;
    throw error;
  });
  if (before === null) return {};
  const { labels, external_id, own_check_interval_seconds } = before.body;
  return {
    labels: { ...labels, ...labelFlags(flags) },
    ...(flags['externalId'] === undefined ? { external_id } : {}),
    ...(flags['interval'] === undefined
      ? { check_interval_seconds: own_check_interval_seconds }
      : {}),
  };
}

/** How the public route is opened: a key issued just now, the adopted one, or not at all. */
type Access =
  | { readonly kind: 'issued'; readonly text: string }
  | { readonly kind: 'adopted' }
  | { readonly kind: 'none'; readonly because: string | null };

async function accessTo(
  { client, flags }: Call,
  about: { created: boolean; channel: Channel },
): Promise<Access> {
  if (flags['key'] === false || !about.created) return { kind: 'none', because: null };
  if (about.channel.upstream === 'dialog360') return { kind: 'adopted' };
  try {
    const { body } = await client.addApiKey({ params: { ref: about.channel.name }, body: {} });
    return { kind: 'issued', text: body.text ?? '' };
  } catch (error) {
    // The channel is there and stays; only its key is missing, and that can be asked for again.
    if (!(error instanceof ClientProblem)) throw error;
    return { kind: 'none', because: error.message };
  }
}

interface Added {
  readonly channel: Channel;
  readonly created: boolean;
  readonly access: Access;
  readonly shell: string | null;
}

async function printed(call: Call, { channel, created, access, shell }: Added): Promise<Printed> {
  const { client, terminal, serverUrl } = call;
  const { body: health } = await client.getChannelHealth({ params: { ref: channel.name } });
  const curl =
    access.kind === 'none'
      ? null
      : curlText(serverUrl, access.kind === 'issued' ? access.text : (shell ?? '$D360_API_KEY'));
  const options = { style: terminal.style, width: terminal.width, now: terminal.now() };
  const number = channel.identity?.phone_number_id ?? null;
  const whom = number === null ? '' : ` (number ${number})`;
  const done = `${channel.name}${whom} ${created ? 'is watched now' : 'was changed'}.`;
  const apiKey = access.kind === 'issued' ? { api_key: access.text } : {};
  return {
    json: { channel, health, access: access.kind, ...apiKey, curl },
    text: [done, healthText(health, options), accessText({ channel, access, shell }, curl)]
      .filter((paragraph) => paragraph !== '')
      .join('\n\n'),
    ...(access.kind === 'none' && access.because !== null
      ? {
          note: `No API key was issued: ${access.because} Try: waba-health keys add ${channel.name}`,
        }
      : {}),
  };
}

function accessText(
  { channel, access, shell }: Omit<Added, 'created'>,
  curl: string | null,
): string {
  if (access.kind === 'none' || curl === null) return '';
  if (access.kind === 'issued') {
    return `Its API key, shown this once: ${access.text}\nAsk for its health:\n  ${curl}`;
  }
  const where = shell === null ? ' (D360_API_KEY being the key that you gave)' : '';
  return `Clients of ${channel.name} keep their 360dialog key, only the address is new${where}:\n  ${curl}`;
}
