import type { ClientCommand } from '#cli/client-command.ts';
import { collected, textFlag, wordFlags } from '#cli/flags.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { deliveriesText } from '#cli/text/delivery-text.ts';
import { DELIVERY_STATES } from '#domain/telling/delivery.ts';

export const deliveryList: ClientCommand = {
  signature: 'list',
  summary: 'List what was sent and what was not, newest first, each with its reason.',
  configure(command) {
    command
      .option('--incident <incident>', 'Only about this one.')
      .option('--receiver <receiver>', 'Only to this one.')
      .option('--state <state>', `${DELIVERY_STATES.join(', ')}; can be given again.`, collected);
    addLimitFlag(command);
  },
  prepare(_args, flags) {
    wordFlags(flags, 'state', DELIVERY_STATES);
  },
  async run({ client, flags }) {
    const incident = textFlag(flags, 'incident');
    const receiver = textFlag(flags, 'receiver');
    const filter = {
      state: wordFlags(flags, 'state', DELIVERY_STATES),
      ...(incident === undefined ? {} : { incident }),
      ...(receiver === undefined ? {} : { receiver }),
    };
    const { items, note } = await readList(
      flags,
      async (page) => (await client.listDeliveries({ query: { ...filter, ...page } })).body,
    );
    const text = items.length === 0 ? 'No such deliveries.' : deliveriesText(items);
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};
