/** When somebody is reminded of what lasts and what nobody has taken on. */
import type { Incident } from '#domain/incidents/incident.ts';
import type { Delivery } from './delivery.ts';
import type { Receiver } from './receiver.ts';
import type { Rule } from './rule.ts';
import { DEFAULT_REMIND_AFTER_MS, DEFAULT_REMIND_EVERY_MS } from './rule.ts';

/** What may be reminded of: blocked, seen as such, and taken on by nobody. */
export function isReminded(incident: Incident): boolean {
  const { status, acknowledgement, resolvedAt, isBaseline, inhibitedBy } = incident;
  const isOpen = resolvedAt === null && acknowledgement === null;
  return isOpen && status === 'BLOCKED' && !isBaseline && inhibitedBy === null;
}

/**
 * When a receiver hears of an incident again though nothing has changed, ms UTC; null for never. Counted from
 * what it was told last, as `before` has it; where nothing was yet, from `now`.
 */
export function remindAt(
  receiver: Receiver,
  about: {
    readonly before: readonly Delivery[];
    /** All of them. */
    readonly rules: readonly Rule[];
    readonly now: number;
  },
): number | null {
  const { before, rules, now } = about;
  const heard = before.filter(
    ({ state, kind }) =>
      kind !== 'resolved' && (state === 'pending' || state === 'delivered' || state === 'merged'),
  );
  const reminders = heard.filter(({ kind }) => kind === 'reminder');
  const first = heard[0];
  const last = reminders.at(-1) ?? first;
  const { afterMs, everyMs } = pauses(receiver, { rule: first?.rule ?? null, rules });
  const pauseMs = reminders.length === 0 ? afterMs : everyMs;
  return pauseMs === null ? null : (last?.createdAt ?? now) + pauseMs;
}

/** As the rule says that it was told by; a rule that is gone reminds of nothing more. */
function pauses(
  { urgency }: Receiver,
  { rule: name, rules }: { readonly rule: string | null; readonly rules: readonly Rule[] },
): { readonly afterMs: number | null; readonly everyMs: number | null } {
  if (name === null || name === 'default') {
    return urgency === 'notify'
      ? { afterMs: DEFAULT_REMIND_AFTER_MS, everyMs: DEFAULT_REMIND_EVERY_MS }
      : { afterMs: null, everyMs: null };
  }
  const rule = rules.find((one) => one.name === name);
  return { afterMs: rule?.remindAfterMs ?? null, everyMs: rule?.remindEveryMs ?? null };
}
