import type { ClientCommand } from '#cli/client-command.ts';
import { EXIT_OK, EXIT_REFUSED } from '#cli/exit-code.ts';
import { credentialText } from '#cli/text/credential-text.ts';

export const credentialInspect: ClientCommand = {
  signature: 'inspect <credential>',
  summary: 'Ask Meta now what the token is, and what there is to say about it.',
  async run({ client, terminal, args: [ref = ''] }) {
    const { body } = await client.inspectCredential({ params: { ref } });
    const isFine = body.findings.length === 0 && body.token_facts?.failure === null;
    return {
      json: body,
      text: credentialText(body, terminal.width),
      exitCode: isFine ? EXIT_OK : EXIT_REFUSED,
    };
  },
};
