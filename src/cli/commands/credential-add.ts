import type { ClientCommand } from '#cli/client-command.ts';
import { addUpstreamFlags, billedByFlag, upstreamFlag } from '#cli/credential-flags.ts';
import { textFlag } from '#cli/flags.ts';
import { addSecretFlags, readSecret, secretSource } from '#cli/secret-input.ts';

export const credentialAdd: ClientCommand = {
  signature: 'add <name>',
  summary: 'Add a credential: a Graph token or a 360dialog key, from standard input.',
  configure(command) {
    addUpstreamFlags(command);
    addSecretFlags(command);
  },
  prepare(_args, flags) {
    upstreamFlag(flags);
    billedByFlag(flags);
  },
  async run({ client, terminal, args: [name = ''], flags }) {
    const upstream = upstreamFlag(flags);
    const what = upstream === 'graph' ? 'Graph token' : '360dialog key';
    const { secret } = await readSecret(terminal, secretSource(flags), what);
    const billedBy = billedByFlag(flags);
    const { body } = await client.putCredential({
      params: { ref: name },
      body: {
        upstream,
        secret: secret.reveal(),
        app: textFlag(flags, 'app') ?? null,
        ...(billedBy === undefined ? {} : { billed_by: billedBy }),
      },
    });
    const next = `waba-health channels add <name> --${upstream}${
      upstream === 'graph' ? ' --node <id>' : ''
    } --credential ${body.name}`;
    return {
      json: body,
      text: `Credential ${body.name} was added, its secret sealed. Watch a number with it:\n  ${next}`,
    };
  },
};
