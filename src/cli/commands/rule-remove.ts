import type { ClientCommand } from '#cli/client-command.ts';

export const ruleRemove: ClientCommand = {
  signature: 'remove <rule>',
  summary: 'Remove a rule.',
  async run({ client, args: [ref = ''] }) {
    await client.removeRule({ params: { ref } });
    return { json: { removed: ref }, text: `Rule ${ref} was removed.` };
  },
};
