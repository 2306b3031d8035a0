/** Incidents, signs and members for the store's contract. */
import type { ChannelId, IncidentId } from '#domain/id.ts';
import type { Cause } from '#domain/incidents/cause.ts';
import type { Incident, IncidentEvent, Member } from '#domain/incidents/incident.ts';
import type { Sign } from '#domain/incidents/sign.ts';
import type { Store } from '#ports/store.ts';
import { NOON } from '#test/contracts/store/acme.ts';
import { anIncident } from '#test/domain/incidents/an-incident.ts';
import { createFakeIds } from '#test/fakes/ids.ts';

const ids = createFakeIds();

/** A WABA of Acme. */
export function waba(ref: string = '102290129340398'): Cause {
  return { kind: 'entity', type: 'WABA', ref };
}

export type Draft = Omit<Incident, 'number'>;

export function aDraft(about: Partial<Draft> = {}): Draft {
  const { number: _, ...draft } = anIncident({
    id: ids.next('inc'),
    beganAt: NOON,
    openedAt: NOON + 30_000,
    lastGoodAt: NOON - 60_000,
    confirmation: { reads: 2, spanMs: 30_000, channels: 1, byWebhook: false },
    ...about,
  });
  return draft;
}

/** Opens it; fails the test when its cause has an unresolved one. */
export async function opened(store: Store, about: Partial<Draft> = {}): Promise<Incident> {
  const incident = await store.change((tx) => tx.incidents.open(aDraft(about)));
  if (incident === null) throw new Error('the cause has an incident already');
  return incident;
}

export function resolvedAt(incident: Incident, at: number): Incident {
  return { ...incident, endedAt: at, resolvedAt: at, resolution: 'recovered' };
}

/** A suspect that was bad once at noon, unless said otherwise. */
export function aSign(channelId: ChannelId, about: Partial<Sign> = {}): Sign {
  return {
    channelId,
    cause: waba(),
    capability: 'messaging',
    stage: 'suspect',
    incidentId: null,
    status: 'BLOCKED',
    codes: ['141006'],
    firstStartedAt: NOON - 250,
    firstBadAt: NOON,
    lastBadAt: NOON,
    badReads: 1,
    worked: true,
    replaced: 'AVAILABLE',
    goodSince: null,
    goodAt: null,
    ...about,
  };
}

export async function putSigns(store: Store, signs: readonly Sign[]): Promise<void> {
  await store.change(async (tx) => {
    for (const sign of signs) await tx.incidents.putSign(sign);
  });
}

export function aMember(
  incidentId: IncidentId,
  channelId: ChannelId,
  about: Partial<Member> = {},
): Member {
  return {
    incidentId,
    channelId,
    joinedAt: NOON + 30_000,
    firstBadAt: NOON,
    status: 'BLOCKED',
    worked: true,
    replaced: 'AVAILABLE',
    leftAt: null,
    leftReason: null,
    ...about,
  };
}

export function anEvent(incidentId: IncidentId, about: Partial<IncidentEvent> = {}): IncidentEvent {
  const nobody = { channelId: null, by: null, detail: null };
  return { incidentId, at: NOON, kind: 'acknowledged', ...nobody, ...about };
}
