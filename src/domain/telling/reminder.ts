/** When a receiver hears again of an incident in which nothing changes. */
import type { Incident } from '#domain/incidents/incident.ts';
import type { Urgency } from './receiver.ts';
import type { Rule } from './rule.ts';
import { DEFAULT_REMIND_AFTER_MS, DEFAULT_REMIND_EVERY_MS } from './rule.ts';

type Reminding = Pick<Rule, 'remindAfterMs' | 'remindEveryMs'>;

const BY_DEFAULT: Readonly<Record<Urgency, Reminding>> = {
  notify: { remindAfterMs: DEFAULT_REMIND_AFTER_MS, remindEveryMs: DEFAULT_REMIND_EVERY_MS },
  // Services that page remind by themselves until somebody takes it.
  page: { remindAfterMs: null, remindEveryMs: null },
};

/**
 * The next reminder after `now`, ms UTC; null when none will come: it is acknowledged, over or not BLOCKED, or
 * nobody wants any. `rule` is the one that the message comes from, null for the default rule.
 */
export function nextReminderAt(
  incident: Incident,
  about: { readonly rule: Reminding | null; readonly urgency: Urgency; readonly now: number },
): number | null {
  const { openedAt, acknowledgement, resolvedAt, status } = incident;
  if (status !== 'BLOCKED' || acknowledgement !== null || resolvedAt !== null) return null;
  const { remindAfterMs, remindEveryMs } = about.rule ?? BY_DEFAULT[about.urgency];
  if (remindAfterMs === null) return null;
  const first = openedAt + remindAfterMs;
  if (first > about.now) return first;
  if (remindEveryMs === null || remindEveryMs <= 0) return null;
  const passed = Math.floor((about.now - first) / remindEveryMs);
  return first + (passed + 1) * remindEveryMs;
}
