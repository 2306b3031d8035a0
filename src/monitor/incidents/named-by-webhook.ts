/** Whether one of Meta's webhooks named a cause lately: then one bad read is enough. */
import type { Sign } from '#domain/incidents/sign.ts';
import type { Sighted } from './observe.ts';

export function namedByWebhook(_sighted: Sighted, _sign: Sign): Promise<boolean> {
  return Promise.resolve(false);
}
