import type { ClientCommand } from '#cli/client-command.ts';
import { hasFlag, textFlag } from '#cli/flags.ts';
import { readSecret, secretSource } from '#cli/secret-input.ts';
import { UsageError } from '#cli/usage-error.ts';

export const appAdd: ClientCommand = {
  signature: 'add <name>',
  summary: 'Add a Meta app, or change one. Its secret comes with --secret-file or --secret-env.',
  configure(command) {
    command
      .option('--meta-app-id <id>', 'The id that Meta gave the app.')
      .option('--not-ours', 'The app belongs to a provider.')
      .option('--secret-file <file>', 'File with the app secret; - is standard input.')
      .option('--secret-env <name>', 'Variable with the app secret.');
  },
  prepare(_args, flags) {
    if (textFlag(flags, 'metaAppId') === undefined) {
      throw new UsageError('--meta-app-id <id> is needed: the id that Meta gave the app.');
    }
  },
  async run({ client, terminal, args: [name = ''], flags }) {
    const source = secretSource(flags);
    const given =
      source.secretFile === undefined && source.secretEnv === undefined
        ? null
        : await readSecret(terminal, source, 'app secret');
    const { status, body } = await client.putApp({
      params: { ref: name },
      body: {
        meta_app_id: textFlag(flags, 'metaAppId') ?? '',
        ours: !hasFlag(flags, 'notOurs'),
        ...(given === null ? {} : { secret: given.secret.reveal() }),
      },
    });
    const proof = body.has_secret ? 'calls carry a proof of its secret' : 'without a secret';
    const what = status === 201 ? 'added' : 'changed';
    return { json: body, text: `App ${body.name} (${body.meta_app_id}) was ${what}, ${proof}.` };
  },
};
