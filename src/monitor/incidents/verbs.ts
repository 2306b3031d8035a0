/** What people do about an incident: they say that they are at it, and they close it. */
import type { CauseKind } from '#domain/incidents/cause.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import { Problem } from '#domain/problem.ts';
import type { Deps } from '#monitor/deps.ts';
import type { StoreChange } from '#ports/store.ts';
import { wakeMembers } from './leave.ts';
import { resolve } from './standalone.ts';

/** For how long somebody's wish to watch closely holds, in ms. */
const WATCH_MS = 1_800_000;
const RESTAGED_AT_ONCE = 500;

type Means = Pick<Deps, 'store' | 'clock' | 'ids' | 'randomness'>;

/**
 * Says that somebody is at it: reminders end. With `watch` the incident is read every 15 s for half an hour.
 * Throws Problem `not_found`, `conflict` (it is resolved).
 */
export function acknowledge(
  deps: Means,
  ref: string,
  about: { readonly by: string; readonly note: string | null; readonly watch: boolean },
): Promise<Incident> {
  const { by, note, watch } = about;
  const at = deps.clock.now();
  return deps.store.change(async (tx) => {
    const incident = await openIncident(tx, ref);
    const changed = {
      ...incident,
      acknowledgement: { at, by, note },
      watchUntil: watch ? at + WATCH_MS : incident.watchUntil,
    };
    await tx.incidents.replace(changed);
    const event = { incidentId: incident.id, at, channelId: null, by, detail: note };
    await tx.incidents.addEvents([{ ...event, kind: 'acknowledged' }]);
    if (!watch) return changed;
    await tx.incidents.addEvents([{ ...event, kind: 'watched', detail: null }]);
    if (changed.sentinelId !== null) await tx.incidents.setClosely(changed.sentinelId, true);
    await wakeMembers(tx, incident.id, at);
    return changed;
  });
}

/** What rests on no number's reads: nothing could keep it closed while it lasts, so that all would hear of it anew. */
const BY_THEMSELVES: ReadonlySet<CauseKind> = new Set(['upstream', 'server', 'sends']);

function endsByItself({ number }: Incident): Problem {
  return new Problem(
    'conflict',
    `Incident ${number} ends by itself once its trouble is over, and closed before it would open again at once. ` +
      'Acknowledge it instead: that says that somebody knows.',
  );
}

/**
 * Closes it. It stays closed until a good read of its channels was seen, however bad they are meanwhile.
 * Throws Problem `not_found`, `conflict` (it is resolved, or ends by itself).
 */
export function resolveByHand(
  deps: Means,
  ref: string,
  about: { readonly by: string; readonly note: string | null },
): Promise<Incident> {
  const at = deps.clock.now();
  return deps.store.change(async (tx) => {
    const incident = await openIncident(tx, ref);
    if (BY_THEMSELVES.has(incident.cause.kind)) throw endsByItself(incident);
    while ((await tx.incidents.mute(incident.id, at, RESTAGED_AT_ONCE)) === RESTAGED_AT_ONCE) {
      // A step at a time: none touches more rows than that.
    }
    const ended = { incident, at, endedAt: at, resolution: 'manual', ...about } as const;
    return resolve(tx, deps, ended);
  });
}

async function openIncident(tx: StoreChange, ref: string): Promise<Incident> {
  const found = await tx.incidents.find(ref);
  if (found === null) throw new Problem('not_found', `There is no incident ${ref}.`);
  const open = await tx.incidents.openOf(found.cause, found.capability);
  if (open === null || open.id !== found.id) {
    throw new Problem('conflict', `Incident ${found.number} is resolved already.`);
  }
  return open;
}
