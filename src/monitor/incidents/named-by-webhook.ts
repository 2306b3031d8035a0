/** Whether one of Meta's webhooks named a cause lately: then one bad read is enough. */
import type { Sign } from '#domain/incidents/sign.ts';
import { namesTrouble } from '#domain/signals/signal.ts';
import type { Sighted } from './sighted.ts';

/** A webhook causes a read at once, and the read may be late: what is older was about something else. */
const WITHIN_MS = 600_000;

export async function namedByWebhook(
  { tx, times }: Pick<Sighted, 'tx' | 'times'>,
  { cause: { kind, type, ref: id } }: Pick<Sign, 'cause'>,
): Promise<boolean> {
  if (kind !== 'entity' || type === null || id === null) return false;
  const since = times.startedAt - WITHIN_MS;
  const recent = await tx.signals.recent({ entity: { type, id }, since });
  return recent.some(namesTrouble);
}
