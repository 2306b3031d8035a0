import type { ClientCommand } from '#cli/client-command.ts';
import type { Answer } from '#api/call.ts';
import { factsText } from '#cli/text/facts.ts';

export const appShow: ClientCommand = {
  signature: 'show <app>',
  summary: 'Show a Meta app, by name or id.',
  async run({ client, args: [ref = ''] }) {
    const { body } = await client.getApp({ params: { ref } });
    return {
      json: body,
      text: factsText({
        Name: body.name,
        Id: body.id,
        'Meta id': body.meta_app_id,
        Whose: body.ours ? 'ours' : "the provider's",
        Secret: body.has_secret ? 'stored, sealed' : 'none: calls carry no proof',
        ...webhookFacts(body.webhook),
        Added: body.created_at,
        Changed: body.updated_at,
      }),
    };
  },
};

/** What to enter at Meta, in the settings of webhooks of the app. */
function webhookFacts(webhook: Answer<'getApp'>['body']['webhook']): Record<string, string> {
  if (webhook === null) return { Webhooks: 'not taken without the secret of the app' };
  return {
    'Webhook URL': `https://<where Meta reaches this server>${webhook.path}`,
    'Verify token': webhook.verify_token,
  };
}
