/** `history`: what changed, of one channel or of the whole fleet. */
import type { ClientCommand } from '#cli/client-command.ts';
import type { Flags } from '#cli/connect.ts';
import { collected, momentFlag, wordFlags } from '#cli/flags.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { historyText } from '#cli/text/history-text.ts';
import { TRANSITION_KINDS } from '#domain/transition.ts';

export const history: ClientCommand = {
  signature: 'history [channel]',
  summary: 'Tell what changed, newest first: of a channel, or of all.',
  configure(command) {
    command
      .option('--kind <kind>', `${TRANSITION_KINDS.join(', ')}; can be given again.`, collected)
      .option('--from <when>', 'Not before: a time in UTC, a day, or how long ago.')
      .option('--until <when>', 'Before this moment.');
    addLimitFlag(command);
  },
  prepare(_args, flags) {
    // Any moment will do: only its form is looked at here.
    filterOf(flags, 0);
  },
  async run({ client, args: [ref], flags, terminal }) {
    const filter = filterOf(flags, terminal.now());
    const { items, note } = await readList(flags, async (page) => {
      const query = { ...filter, ...page };
      if (ref === undefined) return (await client.listTransitions({ query })).body;
      return (await client.listChannelTransitions({ params: { ref }, query })).body;
    });
    const { style } = terminal;
    const text =
      items.length === 0
        ? 'Nothing has changed in this time.'
        : historyText(items, { style, isFleet: ref === undefined });
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};

function filterOf(flags: Flags, now: number) {
  const from = momentFlag(flags, 'from', now);
  const until = momentFlag(flags, 'until', now);
  return {
    kind: wordFlags(flags, 'kind', TRANSITION_KINDS),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}
