import type { ClientCommand } from '#cli/client-command.ts';
import { receiverText } from '#cli/text/receiver-text.ts';

export const receiverShow: ClientCommand = {
  signature: 'show <receiver>',
  summary: 'Show a receiver, by name or id, without its secrets.',
  async run({ client, args: [ref = ''] }) {
    const { body } = await client.getReceiver({ params: { ref } });
    return { json: body, text: receiverText(body) };
  },
};
