/** `signals list`: what webhooks and reported send errors hinted at. */
import type { ClientCommand } from '#cli/client-command.ts';
import { hasFlag, textFlag } from '#cli/flags.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { signalsText } from '#cli/text/signals-text.ts';

export const signalList: ClientCommand = {
  signature: 'list',
  summary:
    'List what webhooks and reported send errors hinted at in the last 30 days, newest first.',
  configure(command) {
    command
      .option('--channel <channel>', 'Only about this channel, or about its WABA.')
      .option('--field <field>', 'Only of this field of webhooks; send_error for reports.')
      .option('--unknown', 'Only what was not understood.');
    addLimitFlag(command);
  },
  async run({ client, flags }) {
    const channel = textFlag(flags, 'channel');
    const field = textFlag(flags, 'field');
    const filter = {
      ...(channel === undefined ? {} : { channel }),
      ...(field === undefined ? {} : { field }),
      ...(hasFlag(flags, 'unknown') ? { known: 'false' as const } : {}),
    };
    const { items, note } = await readList(
      flags,
      async (page) => (await client.listSignals({ query: { ...page, ...filter } })).body,
    );
    const text =
      items.length === 0
        ? 'No signals. `waba-health apps show <app>` says where Meta is to send webhooks.'
        : signalsText(items);
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};
