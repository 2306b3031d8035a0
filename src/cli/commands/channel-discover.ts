/** `channels discover`: shows what a credential can see, and adds what is chosen of it. */
import type { AddedNumbers, Chosen } from '#cli/add-found.ts';
import { addFound, namesFor } from '#cli/add-found.ts';
import type { Call, ClientCommand, Printed } from '#cli/client-command.ts';
import type { Flags } from '#cli/connect.ts';
import { discover } from '#cli/discovery.ts';
import type { Discovered, FoundNumber } from '#cli/discovery.ts';
import { EXIT_OK, EXIT_REFUSED } from '#cli/exit-code.ts';
import { collected, hasFlag, labelFlags, textFlag } from '#cli/flags.ts';
import { readFleet } from '#cli/import/fleet.ts';
import { addedText, discoveredText } from '#cli/text/discovered-text.ts';
import { UsageError } from '#cli/usage-error.ts';
import { DEFAULT_NAME_TEMPLATE, NAME_WORDS, unknownWords } from '#domain/channel-name.ts';

export const channelDiscover: ClientCommand = {
  signature: 'discover',
  summary: 'Show the numbers that a Graph credential can see; --add watches them.',
  configure(command) {
    command
      .requiredOption('--credential <ref>', 'The credential to look with.')
      .option('--waba <id>', 'Only this WABA; can be given again.', collected)
      .option('--add', 'Watch those that nobody watches yet.')
      .option('--node <id>', 'With --add: only this number; can be given again.', collected)
      .option(
        '--label <name=value>',
        'With --add: a label for each; can be given again.',
        collected,
      )
      .option(
        '--name-template <text>',
        `With --add: how to name them, of ${NAME_WORDS.map((word) => `{${word}}`).join(' ')}.`,
      )
      .option('--dry-run', 'With --add: say what would be added, and add nothing.');
  },
  prepare(_args, flags) {
    labelFlags(flags);
    const unknown = unknownWords(templateOf(flags));
    if (unknown.length > 0) {
      throw new UsageError(
        `--name-template has {${unknown.join('}, {')}}; known are {${NAME_WORDS.join('}, {')}}.`,
      );
    }
    const onlyAdding = ['node', 'label', 'nameTemplate', 'dryRun'];
    if (!hasFlag(flags, 'add') && onlyAdding.some((flag) => flags[flag] !== undefined)) {
      throw new UsageError('--node, --label, --name-template and --dry-run go with --add.');
    }
  },
  async run(call) {
    const { client, flags, terminal } = call;
    const credential = textFlag(flags, 'credential') ?? '';
    const about = { credential, only: listFlag(flags, 'waba') };
    const found = await discover(client, about, terminal);
    if (!hasFlag(flags, 'add')) {
      return { json: found, text: discoveredText(found, terminal.width) };
    }
    return adding(call, found, credential);
  },
};

async function adding(call: Call, found: Discovered, credential: string): Promise<Printed> {
  const { client, flags, terminal } = call;
  const { channels } = await readFleet(client);
  const chosen = namesFor(choose(found, flags), templateOf(flags), channels.keys());
  const dryRun = hasFlag(flags, 'dryRun');
  const labels = labelFlags(flags);
  const done: AddedNumbers = dryRun
    ? { added: chosen, refused: [] }
    : await addFound(chosen, { client, terminal, credential, labels });
  const isWhole = done.refused.length === 0 && found.unreadable.length === 0;
  return {
    json: {
      dry_run: dryRun,
      added: done.added.map(chosenJson),
      refused: done.refused.map((one) => ({ ...chosenJson(one), why: one.why })),
      unreadable: found.unreadable,
    },
    text: addedText({ ...done, found, dryRun, width: terminal.width }),
    exitCode: isWhole ? EXIT_OK : EXIT_REFUSED,
  };
}

function chosenJson({ number, name }: Chosen) {
  const { node_id, waba_id, display_number, verified_name } = number;
  return { name, node_id, waba_id, display_number, verified_name };
}

/** All that nobody watches, or of these the named ones. Throws UsageError for one that is not among them. */
function choose({ numbers }: Discovered, flags: Flags): readonly FoundNumber[] {
  const free = numbers.filter(({ standing }) => standing === 'unwatched');
  const nodes = listFlag(flags, 'node');
  if (nodes.length === 0) return free;
  const wrong = nodes.filter((node) => !free.some(({ node_id }) => node_id === node));
  if (wrong.length === 0) return free.filter(({ node_id }) => nodes.includes(node_id));
  throw new UsageError(
    `Not among the numbers that can be seen and are not watched: ${wrong.join(', ')}. Nothing was added.`,
  );
}

function templateOf(flags: Flags): string {
  return textFlag(flags, 'nameTemplate') ?? DEFAULT_NAME_TEMPLATE;
}

function listFlag(flags: Flags, name: string): readonly string[] {
  const given = flags[name];
  return Array.isArray(given) ? given.map(String) : [];
}
