import type { ClientCommand } from '#cli/client-command.ts';

export const credentialRemove: ClientCommand = {
  signature: 'remove <credential>',
  summary: 'Remove a credential that no channel uses.',
  async run({ client, args: [ref = ''] }) {
    await client.removeCredential({ params: { ref } });
    return { json: { removed: ref }, text: `Credential ${ref} was removed.` };
  },
};
