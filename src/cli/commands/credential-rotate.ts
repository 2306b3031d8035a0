import type { ClientCommand } from '#cli/client-command.ts';
import { addSecretFlags, readSecret, secretSource } from '#cli/secret-input.ts';
import { healthText } from '#cli/text/health-text.ts';

export const credentialRotate: ClientCommand = {
  signature: 'rotate <credential>',
  summary: 'Replace the secret by the one on standard input, once a read with it is good.',
  configure: addSecretFlags,
  async run({ client, terminal, args: [ref = ''], flags }) {
    const { secret } = await readSecret(terminal, secretSource(flags), 'new token or key');
    const { body } = await client.rotateCredential({
      params: { ref },
      body: { secret: secret.reveal() },
    });
    const done = `The secret of ${body.credential.name} was replaced.`;
    if (body.health === null) {
      return { json: body, text: `${done} No channel uses it, so nothing was read with it.` };
    }
    const options = { style: terminal.style, width: terminal.width, now: terminal.now() };
    const access =
      body.credential.upstream === 'dialog360'
        ? ' Where clients ask with the 360dialog key, the new one opens the channel from now on.'
        : '';
    return { json: body, text: `${done}${access}\n\n${healthText(body.health, options)}` };
  },
};
