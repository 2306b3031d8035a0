/** Which of Meta's webhooks named a cause lately: with one, a single bad read is enough. */
import type { Sign } from '#domain/incidents/sign.ts';
import { namesTrouble } from '#domain/signals/signal.ts';
import type { Sighted } from './sighted.ts';

/** A webhook causes a read at once, and the read may be late: what is older was about something else. */
const WITHIN_MS = 600_000;

/** What the newest such webhook says, safe to show; null when none did. */
export async function namedByWebhook(
  { tx, times }: Pick<Sighted, 'tx' | 'times'>,
  { cause: { kind, type, ref: id } }: Pick<Sign, 'cause'>,
): Promise<string | null> {
  if (kind !== 'entity' || type === null || id === null) return null;
  const since = times.startedAt - WITHIN_MS;
  const recent = await tx.signals.recent({ entity: { type, id }, since });
  return recent.find(namesTrouble)?.summary ?? null;
}
