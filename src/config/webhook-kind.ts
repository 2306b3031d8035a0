/** The kind of option that says of which channels the webhook setting at 360dialog is watched. */
import type { WebhookWatch } from '#domain/webhook-watch.ts';
import type { Kind } from './kind.ts';
import { kindBy } from './kind.ts';
import { labelIn } from './label.ts';

export const webhookWatch: Kind<WebhookWatch> = kindBy(
  '<who>',
  'all, or a label such as tier=gold',
  (text): WebhookWatch | null => (text === 'all' ? 'all' : labelIn(text)),
);
