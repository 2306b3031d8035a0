/**
 * Looks after what is told as one: a storm's incidents are told singly when they outlive it, and an incident
 * whose members nobody can see says so.
 */
import { stalenessLimitMs } from '#domain/freshness.ts';
import type { IncidentId } from '#domain/id.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { Deps } from '#monitor/deps.ts';
import { announce } from '#monitor/telling/announce.ts';
import type { Page } from '#ports/page.ts';
import type { StoreChange } from '#ports/store.ts';
import { resolve } from './standalone.ts';
import { STORM_MS } from './storm.ts';
import { walkOpen } from './walk-open.ts';

/** So long after no new cause came, what is still open is told singly. */
const OUTLIVES_MS = 1_800_000;
const PAGE = 200;
/** A flapping incident is summed up so often. */
const FLAPPING_MS = 1_800_000;

/** Throws Problem `store_unavailable`, and the reason of `closing`. */
export async function fleetRound(deps: Deps, closing: AbortSignal): Promise<void> {
  for await (const incident of walkOpen(deps, closing)) {
    const { kind } = incident.cause;
    if (kind === 'fleet') await followStorm(deps, incident);
    if (kind === 'entity') await followSight(deps, incident);
    if (incident.inhibitedBy !== null) await followInhibited(deps, incident);
    if (incident.isFlapping) await followFlapping(deps, incident);
  }
}

async function followStorm(deps: Deps, { id }: Incident): Promise<void> {
  const now = deps.clock.now();
  const told = await toldBy(deps, id);
  const open = told.filter(({ resolvedAt }) => resolvedAt === null);
  if (open.length > 0 && !isOutlived(told, now)) return;
  // One change each: hundreds of them would hold up whoever writes a read.
  for (const incident of open) await tellSingly(deps, { id: incident.id, fleetId: id, at: now });
  await deps.store.change(async (tx) => {
    const found = await tx.incidents.find(id);
    const fleet = found && (await tx.incidents.openOf(found.cause, found.capability));
    if (fleet === null || fleet.id !== id || (await hasOpen(tx, id))) return;
    const ended = told.map(({ endedAt }) => endedAt ?? fleet.openedAt);
    await resolve(tx, deps, {
      incident: fleet,
      at: now,
      endedAt: open.length > 0 ? now : Math.max(fleet.beganAt, ...ended),
      resolution: open.length > 0 ? 'gone' : 'recovered',
    });
  });
}

/** All that a fleet incident tells of. */
async function toldBy({ store }: Deps, id: IncidentId): Promise<readonly Incident[]> {
  const told: Incident[] = [];
  let after: string | null = null;
  do {
    const from: string | null = after;
    const page: Page<Incident> = await store.read((view) =>
      view.incidents.inhibitedBy(id, { after: from, limit: PAGE }),
    );
    told.push(...page.items);
    after = page.next;
  } while (after !== null);
  return told;
}

/** Whether one came while we looked: then the storm goes on. */
async function hasOpen(tx: StoreChange, id: IncidentId): Promise<boolean> {
  let after: string | null = null;
  do {
    const from: string | null = after;
    const page: Page<Incident> = await tx.incidents.inhibitedBy(id, { after: from, limit: PAGE });
    if (page.items.some(({ resolvedAt }) => resolvedAt === null)) return true;
    after = page.next;
  } while (after !== null);
  return false;
}

/** Whether what is open has lasted longer than a storm does, since the last cause came. */
function isOutlived(told: readonly Incident[], now: number): boolean {
  const newest = Math.max(...told.map(({ openedAt }) => openedAt));
  return now - newest >= STORM_MS + OUTLIVES_MS;
}

async function tellSingly(
  deps: Deps,
  about: { readonly id: IncidentId; readonly fleetId: IncidentId; readonly at: number },
): Promise<void> {
  const { id, fleetId, at } = about;
  await deps.store.change(async (tx) => {
    const found = await tx.incidents.find(id);
    // Over, or told by somebody else meanwhile.
    if (found === null || found.resolvedAt !== null || found.inhibitedBy !== fleetId) return;
    const incident = { ...found, inhibitedBy: null };
    await tx.incidents.replace(incident);
    const event = { incidentId: id, at, channelId: null, by: null, detail: null };
    await tx.incidents.addEvents([{ ...event, kind: 'released' }]);
    await announce(tx, deps, { incident, kind: 'opened', at });
  });
}

/** Nobody tells of it any more once the fleet incident is over, were it closed by hand: then it is told singly. */
async function followInhibited(deps: Deps, { id, inhibitedBy }: Incident): Promise<void> {
  if (inhibitedBy === null) return;
  const fleet = await deps.store.read((view) => view.incidents.find(inhibitedBy));
  if (fleet !== null && fleet.resolvedAt === null) return;
  await tellSingly(deps, { id, fleetId: inhibitedBy, at: deps.clock.now() });
}

/** Since when no member can be seen; an incident stays open in the dark. */
async function followSight(deps: Deps, { id }: Incident): Promise<void> {
  const now = deps.clock.now();
  await deps.store.change(async (tx) => {
    const found = await tx.incidents.find(id);
    const incident = found && (await tx.incidents.openOf(found.cause, found.capability));
    if (incident === null || incident.id !== id) return;
    const { items } = await tx.incidents.signsIn(id, { after: null, limit: 1 });
    const [first] = items;
    const channel = first && (await tx.channels.find(first.channelId));
    const newest = await tx.incidents.newestReadOf(id);
    if (!channel || newest === null) return;
    const outdatedAt = newest + stalenessLimitMs(channel.intervalMs);
    const unseenSince = outdatedAt < now ? outdatedAt : null;
    if ((unseenSince === null) === (incident.unseenSince === null)) return;
    await tx.incidents.replace({ ...incident, unseenSince });
    const event = { incidentId: id, at: now, channelId: null, by: null, detail: null };
    await tx.incidents.addEvents([{ ...event, kind: unseenSince === null ? 'seen' : 'unseen' }]);
  });
}

/** One alert when it was noticed, then a digest now and then until it is stable. */
async function followFlapping(deps: Deps, { id, openedAt }: Incident): Promise<void> {
  const now = deps.clock.now();
  const digests = Math.floor((now - openedAt) / FLAPPING_MS);
  if (digests === 0) return;
  await deps.store.change(async (tx) => {
    const incident = await tx.incidents.find(id);
    if (incident === null || incident.resolvedAt !== null) return;
    const { items } = await tx.incidents.eventsOf(id, { after: null, limit: PAGE });
    if (items.filter(({ kind }) => kind === 'flapping').length >= digests) return;
    const event = { incidentId: id, at: now, channelId: null, by: null, detail: null };
    await tx.incidents.addEvents([{ ...event, kind: 'flapping' }]);
    await announce(tx, deps, { incident, kind: 'flapping', at: now });
  });
}
