/** `channels profile`: reads now what a number is beside its health. */
import type { ClientCommand } from '#cli/client-command.ts';
import { EXIT_OK, EXIT_REFUSED } from '#cli/exit-code.ts';
import { profileText } from '#cli/text/profile-text.ts';

export const channelProfile: ClientCommand = {
  signature: 'profile <channel>',
  summary: 'Read its names, rating, limits and webhooks now.',
  async run({ client, args: [ref = ''] }) {
    const { body } = await client.readProfile({ params: { ref } });
    const isRead = body.profile !== null && body.profile.failure === null;
    return {
      json: body.profile,
      text: profileText(body.profile),
      exitCode: isRead ? EXIT_OK : EXIT_REFUSED,
    };
  },
};
