import type { ClientCommand } from '#cli/client-command.ts';
import { durationFlag, hasFlag } from '#cli/flags.ts';
import { curlText } from '#cli/text/curl.ts';
import { UsageError } from '#cli/usage-error.ts';

export const keyAdd: ClientCommand = {
  signature: 'add <channel>',
  summary: 'Issue an API key for a channel; it is shown this once.',
  configure(command) {
    command
      .option(
        '--expires <duration>',
        'When it stops to open anything, such as 90d. Default: never.',
      )
      .option('--adopt', 'Let the 360dialog key of the channel open it, instead of a new key.');
  },
  prepare(_args, flags) {
    const expires = durationFlag(flags, 'expires', 1000);
    if (hasFlag(flags, 'adopt') && expires !== undefined) {
      throw new UsageError('--expires is for a new key: 360dialog decides how long its keys last.');
    }
  },
  async run({ client, serverUrl, args: [ref = ''], flags, terminal }) {
    const expiresMs = durationFlag(flags, 'expires', 1000);
    const adopt = hasFlag(flags, 'adopt');
    const { body } = await client.addApiKey({
      params: { ref },
      body: {
        origin: adopt ? 'adopted' : 'issued',
        expires_at:
          expiresMs === undefined ? null : new Date(terminal.now() + expiresMs).toISOString(),
      },
    });
    if (body.text === null) {
      return { json: body, text: `The 360dialog key of ${ref} opens it from now on (${body.id}).` };
    }
    const curl = curlText(serverUrl, body.text);
    return {
      json: { ...body, curl },
      text: `API key of ${ref} (${body.id}), shown this once: ${body.text}\nAsk for its health:\n  ${curl}`,
    };
  },
};
