import type { ClientCommand } from '#cli/client-command.ts';
import { hasFlag, textFlag } from '#cli/flags.ts';
import { addSecretFlags, secretSource, secretText } from '#cli/secret-input.ts';
import { momentText } from '#domain/moment-text.ts';
import { UsageError } from '#cli/usage-error.ts';

export const receiverRotate: ClientCommand = {
  signature: 'rotate <receiver>',
  summary: 'Replace a secret; messages are signed with the old one too for a day.',
  configure(command) {
    command
      .option('--field <name>', 'Which secret. Default: the only one, or the one that signs.')
      .option('--generate', 'Make a new secret to sign with; it is shown this once.');
    addSecretFlags(command);
  },
  prepare(_args, flags) {
    const { secretFile, secretEnv } = secretSource(flags);
    const isGiven = secretFile !== undefined || secretEnv !== undefined;
    if (!hasFlag(flags, 'generate') || !isGiven) return;
    throw new UsageError(
      '--generate makes the secret itself: leave --secret-file and --secret-env.',
    );
  },
  async run({ client, terminal, args: [ref = ''], flags }) {
    const isMade = hasFlag(flags, 'generate');
    const given = isMade ? null : await secretText(terminal, secretSource(flags), 'new secret');
    const secret = given?.trim() ?? null;
    if (secret === '') throw new UsageError('The new secret is empty: give it on standard input.');
    const { body } = await client.rotateReceiver({
      params: { ref },
      body: { field: textFlag(flags, 'field') ?? null, secret },
    });
    const until = body.previous_until;
    const text = [
      `The ${body.field} of ${body.receiver.name} was replaced.`,
      body.text === null ? '' : `The new one, shown this once: ${body.text}`,
      until === null
        ? ''
        : `Messages are signed with the old one too until ${momentText(Date.parse(until))}.`,
    ];
    return { json: body, text: text.filter((line) => line !== '').join('\n') };
  },
};
