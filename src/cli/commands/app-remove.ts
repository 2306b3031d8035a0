import type { ClientCommand } from '#cli/client-command.ts';

export const appRemove: ClientCommand = {
  signature: 'remove <app>',
  summary: 'Remove a Meta app that no credential uses.',
  async run({ client, args: [ref = ''] }) {
    await client.removeApp({ params: { ref } });
    return { json: { removed: ref }, text: `App ${ref} was removed.` };
  },
};
