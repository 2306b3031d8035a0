import type { ClientCommand } from '#cli/client-command.ts';
import { credentialText } from '#cli/text/credential-text.ts';

export const credentialShow: ClientCommand = {
  signature: 'show <credential>',
  summary: 'Show a credential, by name or id, without its secret.',
  async run({ client, terminal, args: [ref = ''] }) {
    const { body } = await client.getCredential({ params: { ref } });
    return { json: body, text: credentialText(body, terminal.width) };
  },
};
