import type { ClientCommand } from '#cli/client-command.ts';
import { addLimitFlag, readList } from '#cli/read-list.ts';
import { inert } from '#cli/text/inert.ts';
import { tableText } from '#cli/text/layout.ts';
import { receiverStateText } from '#cli/text/receiver-text.ts';

export const receiverList: ClientCommand = {
  signature: 'list',
  summary: 'List the receivers, and whether they take what is sent.',
  configure: addLimitFlag,
  async run({ client, flags }) {
    const { items, note } = await readList(
      flags,
      async (query) => (await client.listReceivers({ query })).body,
    );
    const rows = items.map((receiver) => [
      inert(receiver.name),
      inert(receiver.kind),
      inert(receiver.urgency),
      inert(receiver.hint),
      receiverStateText(receiver),
    ]);
    const head = ['Name', 'Kind', 'Urgency', 'Target', 'State'];
    const text =
      rows.length === 0
        ? 'No receivers yet, so that nobody is told. Add one: waba-health receivers put <name> --kind <kind>'
        : tableText({ head, rows });
    return { json: { items }, text, ...(note === undefined ? {} : { note }) };
  },
};
