/** `channels move`: the same number, asked about elsewhere from now on. */
import type { Request } from '#api/call.ts';
import type { ClientCommand } from '#cli/client-command.ts';
import type { Flags } from '#cli/connect.ts';
import { addUpstreamFlags, billedByFlag, upstreamFlag } from '#cli/credential-flags.ts';
import { hasFlag, textFlag } from '#cli/flags.ts';
import { addSecretFlags, readSecret, secretSource } from '#cli/secret-input.ts';
import { inert } from '#cli/text/inert.ts';
import { UsageError } from '#cli/usage-error.ts';

type Wish = Request<'moveChannel'>['body'];

export const channelMove: ClientCommand = {
  signature: 'move <channel>',
  summary: 'Ask about a number elsewhere from now on; history and keys stay.',
  configure(command) {
    addUpstreamFlags(command);
    command
      .option('--node <id>', 'With --graph: the id of the number (or WABA) at Meta.')
      .option('--credential <ref>', 'Ask with this credential instead of a new secret.')
      .option('--other-number', 'It may be another number from now on.');
    addSecretFlags(command);
  },
  prepare(_args, flags) {
    sourceOf(flags);
    billedByFlag(flags);
  },
  async run({ client, args: [ref = ''], flags, terminal }) {
    const source = sourceOf(flags);
    const named = textFlag(flags, 'credential');
    const what = source.upstream === 'graph' ? 'Graph token' : '360dialog key';
    const credential: Wish['credential'] =
      named === undefined
        ? secretCredential(flags, await readSecret(terminal, secretSource(flags), what))
        : { ref: named };
    const other_number = hasFlag(flags, 'otherNumber');
    const body = { ...source, credential, other_number };
    const { body: moved } = await client.moveChannel({ params: { ref }, body });
    const { channel, unused_credential: unused } = moved;
    const text = `${inert(channel.name)} is read through ${channel.upstream} now, with the credential ${inert(channel.credential.name)}.`;
    const note =
      unused === null
        ? {}
        : {
            note: `No channel uses the credential ${inert(unused.name)} any more. To remove it: waba-health credentials remove ${unused.name}`,
          };
    return { json: moved, text, ...note };
  },
};

function sourceOf(flags: Flags): Pick<Wish, 'upstream'> & { readonly node_id: string | null } {
  const upstream = upstreamFlag(flags);
  const node = textFlag(flags, 'node') ?? null;
  if (upstream === 'graph' && node === null) {
    throw new UsageError('--node <id> is needed with --graph: the id of the number at Meta.');
  }
  if (upstream === 'dialog360' && node !== null) {
    throw new UsageError('--node is only for --graph: a 360dialog key decides which number it is.');
  }
  return { upstream, node_id: node };
}

function secretCredential(
  flags: Flags,
  { secret }: { readonly secret: { reveal(): string } },
): Wish['credential'] {
  const billedBy = billedByFlag(flags);
  return {
    secret: secret.reveal(),
    app: textFlag(flags, 'app') ?? null,
    ...(billedBy === undefined ? {} : { billed_by: billedBy }),
  };
}
