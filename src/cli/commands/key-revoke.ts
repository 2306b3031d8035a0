import type { ClientCommand } from '#cli/client-command.ts';
import { UsageError } from '#cli/usage-error.ts';

export const keyRevoke: ClientCommand = {
  signature: 'revoke <key-id>',
  summary: 'Revoke an API key; it opens nothing from now on.',
  prepare([id = '']) {
    if (/^key_[0-9a-z]{26}$/.test(id)) return;
    // What stands here may be the key itself, so it is not repeated.
    throw new UsageError(
      'Give the id of the key (key_…), not the key itself: "waba-health keys list <channel>" shows it.',
    );
  },
  async run({ client, args: [id = ''] }) {
    await client.revokeApiKey({ params: { id } });
    return { json: { revoked: id }, text: `${id} was revoked: it opens nothing from now on.` };
  },
};
