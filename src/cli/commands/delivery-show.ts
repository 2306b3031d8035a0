import type { ClientCommand } from '#cli/client-command.ts';
import { requireDeliveryId } from '#cli/delivery-id.ts';
import { deliveryText } from '#cli/text/delivery-text.ts';

export const deliveryShow: ClientCommand = {
  signature: 'show <delivery-id>',
  summary: 'Show a delivery with every attempt.',
  prepare: requireDeliveryId,
  async run({ client, args: [id = ''] }) {
    const { body } = await client.getDelivery({ params: { id } });
    return { json: body, text: deliveryText(body) };
  },
};
