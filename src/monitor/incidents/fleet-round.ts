/**
 * Looks after what is told as one: a storm's incidents are told singly when they outlive it, and an incident
 * whose members nobody can see says so.
 */
import { stalenessLimitMs } from '#domain/freshness.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { Deps } from '#monitor/deps.ts';
import { announce } from '#monitor/telling/announce.ts';
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
    if (incident.isFlapping) await followFlapping(deps, incident);
  }
}

async function followStorm(deps: Deps, { id }: Incident): Promise<void> {
  const now = deps.clock.now();
  await deps.store.change(async (tx) => {
    const found = await tx.incidents.find(id);
    const fleet = found && (await tx.incidents.openOf(found.cause, found.capability));
    if (fleet === null || fleet.id !== id) return;
    const { items } = await tx.incidents.inhibitedBy(id, { after: null, limit: PAGE });
    const open = items.filter(({ resolvedAt }) => resolvedAt === null);
    const newest = Math.max(fleet.openedAt, ...items.map(({ openedAt }) => openedAt));
    const isOver = now - newest >= STORM_MS + OUTLIVES_MS;
    if (open.length > 0 && !isOver) return;
    for (const incident of open) await tellSingly(tx, deps, { incident, at: now });
    const ended = items.map(({ endedAt }) => endedAt ?? fleet.openedAt);
    await resolve(tx, deps, {
      incident: fleet,
      at: now,
      endedAt: open.length > 0 ? now : Math.max(fleet.beganAt, ...ended),
      resolution: open.length > 0 ? 'gone' : 'recovered',
    });
  });
}

async function tellSingly(
  tx: StoreChange,
  deps: Deps,
  about: { readonly incident: Incident; readonly at: number },
): Promise<void> {
  const { at } = about;
  const incident = { ...about.incident, inhibitedBy: null };
  await tx.incidents.replace(incident);
  const event = { incidentId: incident.id, at, channelId: null, by: null, detail: null };
  await tx.incidents.addEvents([{ ...event, kind: 'released' }]);
  await announce(tx, deps, { incident, kind: 'opened', at });
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
