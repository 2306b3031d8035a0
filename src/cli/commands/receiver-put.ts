import type { ClientCommand } from '#cli/client-command.ts';
import type { Flags } from '#cli/connect.ts';
import { collected, hasFlag, textFlag } from '#cli/flags.ts';
import type { ReceiverKind } from '#cli/receiver-secrets.ts';
import { addReceiverSecretFlags, readReceiverSecrets } from '#cli/receiver-secrets.ts';
import { UsageError } from '#cli/usage-error.ts';
import { nearestWord } from '#config/nearest.ts';
import type { ReceiverKind as Kind, Urgency } from '#domain/telling/receiver.ts';
import { RECEIVER_KINDS, URGENCIES } from '#domain/telling/receiver.ts';

export const receiverPut: ClientCommand = {
  signature: 'put <name>',
  summary: 'Add a receiver or replace its settings; its secret comes from standard input.',
  configure(command) {
    command
      .option('--kind <kind>', `${RECEIVER_KINDS.join(', ')}.`)
      .option('--urgency <urgency>', `${URGENCIES.join(' or ')}. Default: notify.`)
      .option('--zone <zone>', 'Where its readers live, such as Europe/Berlin. Default: UTC alone.')
      .option('--set <name=value>', 'A setting of this kind; can be given again.', collected)
      .option('--keep-secrets', 'Leave the secrets of a receiver that is there as they are.');
    addReceiverSecretFlags(command);
  },
  prepare(_args, flags) {
    kindFlag(flags);
    urgencyFlag(flags);
    settingFlags(flags);
  },
  async run({ client, terminal, args: [name = ''], flags }) {
    const kind = kindFlag(flags);
    const { body: kinds } = await client.listReceiverKinds();
    const known = kinds.items.find((one) => one.kind === kind);
    if (known === undefined) throw new UsageError(`The server knows no receivers of kind ${kind}.`);
    const settings = settingFlags(flags);
    requireSettings(settings, known);
    const isKept = hasFlag(flags, 'keepSecrets');
    const secrets = isKept ? {} : await readReceiverSecrets(terminal, flags, known);
    const { body, status } = await client.putReceiver({
      params: { ref: name },
      body: {
        kind,
        urgency: urgencyFlag(flags),
        zone: textFlag(flags, 'zone') ?? null,
        settings,
        ...(isKept ? {} : { secrets }),
      },
    });
    const done = status === 201 ? 'was added' : 'was replaced';
    const made =
      body.made_secret === null
        ? ''
        : `\nIt signs with this secret, shown this once: ${body.made_secret}`;
    const next = `\nTry it: waba-health receivers test ${body.name}`;
    return { json: body, text: `Receiver ${body.name} ${done} (${body.hint}).${made}${next}` };
  },
};

function kindFlag(flags: Flags): Kind {
  const text = textFlag(flags, 'kind');
  const list = RECEIVER_KINDS.join(', ');
  if (text === undefined) throw new UsageError(`--kind <kind> is needed: one of ${list}.`);
  const kind = RECEIVER_KINDS.find((one) => one === text);
  if (kind !== undefined) return kind;
  const meant = nearestWord(text, RECEIVER_KINDS);
  const question = meant === null ? '' : ` Did you mean ${meant}?`;
  throw new UsageError(`--kind must be one of ${list}.${question}`);
}

function urgencyFlag(flags: Flags): Urgency {
  const text = textFlag(flags, 'urgency') ?? 'notify';
  const urgency = URGENCIES.find((one) => one === text);
  if (urgency !== undefined) return urgency;
  throw new UsageError(`--urgency must be ${URGENCIES.join(' or ')}.`);
}

function settingFlags(flags: Flags): Readonly<Record<string, string>> {
  const given = flags['set'];
  const settings: Record<string, string> = {};
  for (const text of Array.isArray(given) ? given.map(String) : []) {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError('--set must be <name>=<value>, such as to=ops@acme.example.');
    settings[text.slice(0, at).replaceAll('-', '_')] = text.slice(at + 1);
  }
  return settings;
}

/** Refuses what is no setting of the kind, and above all a secret that is given as one. */
function requireSettings(
  settings: Readonly<Record<string, string>>,
  { kind, fields }: ReceiverKind,
): void {
  const names = fields.filter((field) => !field.is_secret).map((field) => field.name);
  for (const name of Object.keys(settings)) {
    if (names.includes(name)) continue;
    if (fields.some((field) => field.name === name)) {
      throw new UsageError(
        `${name} is a secret of ${kind}, which is not taken as an argument, because other users of ` +
          'this machine can read arguments: give it on standard input or with --secret-file.',
      );
    }
    const meant = nearestWord(name, names);
    const question = meant === null ? '' : ` Did you mean ${meant}?`;
    const list = names.length === 0 ? 'has no settings' : `has the settings ${names.join(', ')}`;
    throw new UsageError(`--set names what ${kind} does not have: it ${list}.${question}`);
  }
}
