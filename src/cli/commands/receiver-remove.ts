import type { ClientCommand } from '#cli/client-command.ts';

export const receiverRemove: ClientCommand = {
  signature: 'remove <receiver>',
  summary: 'Remove a receiver that no rule names, and the record of what it was sent.',
  async run({ client, args: [ref = ''] }) {
    await client.removeReceiver({ params: { ref } });
    return { json: { removed: ref }, text: `Receiver ${ref} was removed.` };
  },
};
