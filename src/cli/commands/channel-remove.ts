import type { ClientCommand } from '#cli/client-command.ts';
import { hasFlag } from '#cli/flags.ts';

export const channelRemove: ClientCommand = {
  signature: 'remove <channel>',
  summary: 'Stop watching a channel and revoke its keys; its history stays.',
  configure(command) {
    command.option('--purge', 'Erase it with its history.');
  },
  async run({ client, args: [ref = ''], flags }) {
    const purge = hasFlag(flags, 'purge');
    await client.removeChannel({ params: { ref }, query: { purge } });
    const history = purge
      ? 'and erased with its history'
      : 'its keys are revoked, its history stays';
    return {
      json: { removed: ref, purged: purge },
      text: `Channel ${ref} was removed, ${history}.`,
    };
  },
};
