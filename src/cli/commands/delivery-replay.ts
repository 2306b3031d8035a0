import type { ClientCommand } from '#cli/client-command.ts';
import { requireDeliveryId } from '#cli/delivery-id.ts';
import { inert } from '#cli/text/inert.ts';

export const deliveryReplay: ClientCommand = {
  signature: 'replay <delivery-id>',
  summary: 'Send a dead delivery again, under the same id.',
  prepare: requireDeliveryId,
  async run({ client, args: [id = ''] }) {
    const { body } = await client.replayDelivery({ params: { id } });
    const text = `${id} is sent to ${inert(body.receiver.name)} again, as things stand now.`;
    return { json: body, text };
  },
};
