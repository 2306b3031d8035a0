/** Plans reminders of what is blocked for long and what nobody has taken on. */
import type { IncidentId } from '#domain/id.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import { decide, isHeard } from '#domain/telling/decide.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import { nextReminderAt } from '#domain/telling/reminder.ts';
import { BoundedMap } from '#monitor/bounded-map.ts';
import { walkOpen } from '#monitor/incidents/walk-open.ts';
import type { StoreView } from '#ports/store.ts';
import type { Audience } from './decisions.ts';
import { audienceOf, factsOf } from './decisions.ts';
import type { TellingDeps } from './deliver-means.ts';
import { draftOf } from './draft.ts';

/** An incident whose next reminder is far off is not looked at more often: rules may have changed by then. */
const LOOK_AGAIN_MS = 900_000;
const REMEMBERED_MAX = 10_000;

interface Owed {
  readonly receiver: Audience['receivers'][number];
  readonly before: readonly Delivery[];
}

export class Reminders {
  readonly #deps: TellingDeps;
  /** When an incident is to be looked at next. Only spares work: whatever is missing is looked at. */
  readonly #lookAt = new BoundedMap<IncidentId, number>(REMEMBERED_MAX);

  constructor(deps: TellingDeps) {
    this.#deps = deps;
  }

  /** Throws Problem `store_unavailable`, and the reason of `closing`. */
  async round(closing: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    for await (const incident of walkOpen(this.#deps, closing)) {
      const now = clock.now();
      const lookAt = this.#lookAt.get(incident.id) ?? 0;
      // A clock that was set back must not keep it from being looked at.
      const isEarly = now < lookAt && lookAt - now <= LOOK_AGAIN_MS;
      if (isEarly || !isReminded(incident)) continue;
      this.#lookAt.set(incident.id, await this.#remind(incident, now));
    }
  }

  /** Gives when to look again. */
  async #remind(incident: Incident, now: number): Promise<number> {
    const { store } = this.#deps;
    const { owed, nextAt } = await store.read(async (view) =>
      owedOf(view, { incident, now, audience: await audienceOf(view, now) }),
    );
    if (owed.length > 0) await this.#plan(incident.id, now);
    return Math.min(nextAt ?? Infinity, now + LOOK_AGAIN_MS);
  }

  async #plan(id: IncidentId, now: number): Promise<void> {
    const { store, ids } = this.#deps;
    await store.change(async (tx) => {
      const found = await tx.incidents.find(id);
      // Locked, so that two programs do not plan the same.
      const incident = found && (await tx.incidents.openOf(found.cause, found.capability));
      if (incident === null || incident.id !== id || !isReminded(incident)) return;
      const audience = await audienceOf(tx, now);
      const { owed } = await owedOf(tx, { incident, now, audience });
      if (owed.length === 0) return;
      const facts = await factsOf(tx, incident);
      const planned = owed.flatMap(({ receiver, before }): readonly Delivery[] => {
        const decision = decide({ ...audience, facts, kind: 'reminder', receiver, before });
        if (!decision.isTold) return [];
        const draft = draftOf(receiver, {
          id: ids.next('dl'),
          incidentId: id,
          kind: 'reminder',
          seq: before.filter(({ kind }) => kind === 'reminder').length,
          severity: incident.severity,
          at: now,
        });
        const { rule, labels } = decision;
        return [{ ...draft, reason: 'It lasts, and nobody has acknowledged it.', rule, labels }];
      });
      await tx.outbox.add(planned);
    });
  }
}

/** Who is to be reminded at `now`, and when the next one is. */
async function owedOf(
  view: StoreView,
  about: {
    readonly incident: Incident;
    readonly now: number;
    readonly audience: Audience;
  },
): Promise<{ readonly owed: readonly Owed[]; readonly nextAt: number | null }> {
  const { incident, now, audience } = about;
  const owed: Owed[] = [];
  let nextAt: number | null = null;
  for (const receiver of audience.receivers) {
    const before = await view.outbox.about(incident.id, receiver.id);
    // One that waits says all that a reminder would.
    const isWaiting = before.some(({ state }) => state === 'pending');
    if (!isHeard(before) || isWaiting) continue;
    const at = remindAt(incident, { receiver, before, audience });
    if (at === null) continue;
    if (at <= now) owed.push({ receiver, before });
    else nextAt = Math.min(nextAt ?? Infinity, at);
  }
  return { owed, nextAt };
}

/** What may be reminded of: blocked, told singly, and taken on by nobody. */
function isReminded(incident: Incident): boolean {
  const { status, acknowledgement, resolvedAt, isBaseline, inhibitedBy } = incident;
  const isOpen = resolvedAt === null && acknowledgement === null;
  return isOpen && status === 'BLOCKED' && !isBaseline && inhibitedBy === null;
}

/** The reminder that follows what was told last; a rule that is gone reminds of nothing more. */
function remindAt(
  incident: Incident,
  { receiver, before, audience }: Owed & { readonly audience: Audience },
): number | null {
  const told = before.filter((one) => isHeard([one]));
  const last = told.findLast(({ kind }) => kind === 'reminder') ?? told[0];
  if (last === undefined) return null;
  const { urgency } = receiver;
  if (last.rule === null || last.rule === 'default') {
    return nextReminderAt(incident, { rule: null, urgency, now: last.createdAt });
  }
  const rule = audience.rules.find(({ name }) => name === last.rule);
  return rule ? nextReminderAt(incident, { rule, urgency, now: last.createdAt }) : null;
}
