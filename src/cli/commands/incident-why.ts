import type { ClientCommand } from '#cli/client-command.ts';
import { textFlag } from '#cli/flags.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { whyText } from '#cli/text/why-text.ts';

export const incidentWhy: ClientCommand = {
  signature: 'why <incident>',
  summary: 'Tell for each receiver what it was told of an incident and when, or why it was not.',
  configure(command) {
    command.option('--receiver <receiver>', 'Only of this one.');
    addLimitFlag(command);
  },
  async run({ client, terminal, args: [ref = ''], flags }) {
    const receiver = textFlag(flags, 'receiver');
    const only = receiver === undefined ? {} : { receiver };
    const { items, note } = await readList(
      flags,
      async (page) =>
        (await client.explainTelling({ params: { ref }, query: { ...only, ...page } })).body,
    );
    const text =
      items.length === 0
        ? 'There are no receivers, so that nobody is told: waba-health receivers put <name> --kind <kind>'
        : whyText(items, terminal);
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};
