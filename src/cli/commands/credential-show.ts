import type { ClientCommand } from '#cli/client-command.ts';
import { factsText } from '#cli/text/facts.ts';

export const credentialShow: ClientCommand = {
  signature: 'show <credential>',
  summary: 'Show a credential, by name or id, without its secret.',
  async run({ client, args: [ref = ''] }) {
    const { body } = await client.getCredential({ params: { ref } });
    return {
      json: body,
      text: factsText({
        Name: body.name,
        Id: body.id,
        Upstream: body.upstream,
        App: body.app?.name ?? null,
        'Billed by': body.billed_by,
        Secret: `ends with ${body.secret_hint}`,
        Added: body.created_at,
        'Secret of': body.rotated_at,
      }),
    };
  },
};
