/** How channels leave an incident, and how it ends when the last one has left. */
import type { ChannelId, IncidentId } from '#domain/id.ts';
import type { Incident, LeftReason } from '#domain/incidents/incident.ts';
import type { Sign } from '#domain/incidents/sign.ts';
import { isOver, STABLE_AFTER_MS } from '#domain/incidents/sighting.ts';
import type { Deps } from '#monitor/deps.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Sighted } from './sighted.ts';
import { resolve } from './standalone.ts';

const WOKEN_AT_ONCE = 500;

/** A good read of a member: it begins or goes on with its recovery, or ends it. */
export async function recoverMember(sighted: Sighted, sign: Sign): Promise<void> {
  const { tx, times } = sighted;
  const incident = sign.incidentId === null ? null : await tx.incidents.find(sign.incidentId);
  if (incident === null || incident.resolvedAt !== null) {
    await tx.incidents.dropSign(sign.channelId, sign);
    return;
  }
  const afterMs = incident.isFlapping ? STABLE_AFTER_MS : sighted.deps.policy.recoveredAfterMs;
  if (isOver(sign, times, afterMs)) {
    await leaveIncident(sighted, sign, { reason: 'recovered', at: sign.goodSince ?? times.readAt });
    return;
  }
  await tx.incidents.putSign(sign);
  const isFirst = sign.goodSince === times.readAt;
  // The sentinel's recovery is everybody's news.
  if (isFirst && incident.sentinelId === sign.channelId) {
    await wakeMembers(tx, incident.id, times.readAt);
  }
}

/** Makes the members due, as many as one statement may touch: the others come at their own pace. */
export async function wakeMembers(tx: StoreChange, id: IncidentId, now: number): Promise<void> {
  await tx.incidents.wake(id, { now, after: null, limit: WOKEN_AT_ONCE });
}

/** The channel is a member no more; the last one ends the incident. */
export async function leaveIncident(
  { tx, deps, times }: Pick<Sighted, 'tx' | 'deps' | 'times'>,
  sign: Sign,
  { reason, at }: { readonly reason: LeftReason; readonly at: number },
): Promise<void> {
  await tx.incidents.dropSign(sign.channelId, sign);
  if (sign.incidentId === null) return;
  await leave(tx, deps, {
    id: sign.incidentId,
    channelId: sign.channelId,
    reason,
    leftAt: at,
    now: times.readAt,
  });
}

interface Leaving {
  readonly id: IncidentId;
  readonly channelId: ChannelId;
  readonly reason: LeftReason;
  /** When it left, as shown: of a recovery its first good read. And now. */
  readonly leftAt: number;
  readonly now: number;
}

async function leave(
  tx: StoreChange,
  deps: Pick<Deps, 'ids' | 'clock' | 'randomness'>,
  { id, channelId, reason, leftAt, now }: Leaving,
): Promise<void> {
  await tx.incidents.leave(id, channelId, { at: leftAt, reason });
  const event = { incidentId: id, at: now, channelId, by: null, detail: reason };
  await tx.incidents.addEvents([{ ...event, kind: 'left' }]);
  const found = await tx.incidents.find(id);
  const incident = found && (await tx.incidents.openOf(found.cause, found.capability));
  if (incident === null || incident.id !== id) return;
  const { items } = await tx.incidents.signsIn(id, { after: null, limit: 1 });
  const [next] = items;
  if (next === undefined) return endIncident(tx, deps, { incident, reason, leftAt, now });
  if (incident.sentinelId !== channelId) return;
  await tx.incidents.replace({ ...incident, sentinelId: next.channelId });
  await tx.incidents.setClosely(next.channelId, true);
}

/** It has recovered when anybody recovered; else what was left of it is only gone. */
async function endIncident(
  tx: StoreChange,
  deps: Pick<Deps, 'ids' | 'clock' | 'randomness'>,
  about: {
    readonly incident: Incident;
    readonly reason: LeftReason;
    readonly leftAt: number;
    readonly now: number;
  },
): Promise<void> {
  const { incident, now } = about;
  const recovered = await tx.incidents.lastRecoveryOf(incident.id);
  await resolve(tx, deps, {
    incident,
    at: now,
    endedAt: recovered ?? about.leftAt,
    resolution: recovered === null ? 'gone' : 'recovered',
  });
}

/** A channel that is no longer watched leaves everything, and never as recovered. */
export async function leaveAll(
  tx: StoreChange,
  deps: Pick<Deps, 'ids' | 'clock' | 'randomness'>,
  about: { readonly channelId: ChannelId; readonly reason: LeftReason },
): Promise<void> {
  const { channelId, reason } = about;
  const now = deps.clock.now();
  const signs = await tx.incidents.signsOf(channelId);
  if (signs.length > 0) {
    await tx.incidents.dropSign(channelId, null);
    await tx.incidents.setClosely(channelId, false);
  }
  for (const { incidentId } of signs) {
    if (incidentId === null) continue;
    await leave(tx, deps, { id: incidentId, channelId, reason, leftAt: now, now });
  }
  await leaveWarnings(tx, deps, { channelId, reason, now });
}

/** What a channel may be a member of without a sign, and the most of these that are open. */
const WITHOUT_SIGNS = ['warning', 'sends'] as const;
const OPEN_MAX = 100;

/** Nobody watches any more whether what was warned of comes. */
async function leaveWarnings(
  tx: StoreChange,
  deps: Pick<Deps, 'ids' | 'clock' | 'randomness'>,
  about: { readonly channelId: ChannelId; readonly reason: LeftReason; readonly now: number },
): Promise<void> {
  const { channelId, reason, now } = about;
  for (const causeKind of WITHOUT_SIGNS) {
    const filter = { state: 'open', causeKind, channelId } as const;
    const { items } = await tx.incidents.list({ after: null, limit: OPEN_MAX }, filter);
    for (const { id, cause, capability } of items) {
      const incident = await tx.incidents.openOf(cause, capability);
      if (incident === null || incident.id !== id) continue;
      const before = await tx.incidents.countsOf(id);
      await tx.incidents.leave(id, channelId, { at: now, reason });
      const { affected } = await tx.incidents.countsOf(id);
      if (affected === before.affected) continue;
      const event = { incidentId: id, at: now, channelId, by: null, detail: reason };
      await tx.incidents.addEvents([{ ...event, kind: 'left' }]);
      if (affected > 0) continue;
      await resolve(tx, deps, { incident, at: now, endedAt: now, resolution: 'gone' });
    }
  }
}
