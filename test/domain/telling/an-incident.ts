/** Acme's card failed: an incident to vary. */
import type { Incident } from '#domain/incidents/incident.ts';
import type { TellingFacts } from '#domain/telling/match.ts';

const NOON = Date.UTC(2026, 2, 1, 12);
let refs = 0;

/** Each is about another WABA unless told. */
export function anIncident(about: Partial<Incident> = {}): Incident {
  refs += 1;
  return {
    id: 'inc_00000000000000000000000142',
    number: 142,
    cause: { kind: 'entity', type: 'WABA', ref: `1022901293403${refs}` },
    capability: 'messaging',
    upstream: 'graph',
    status: 'BLOCKED',
    severity: 'critical',
    codes: ['141006'],
    actor: 'account_owner',
    detail: null,
    beganAt: NOON - 60_000,
    openedAt: NOON,
    lastGoodAt: NOON - 120_000,
    confirmation: { reads: 3, spanMs: 62_000, channels: 2, byWebhook: false },
    isBaseline: false,
    isFlapping: false,
    inhibitedBy: null,
    gatherUntil: null,
    sentinelId: null,
    acknowledgement: null,
    watchUntil: null,
    unseenSince: null,
    endedAt: null,
    resolvedAt: null,
    resolution: null,
    ...about,
  };
}

/** That incident with so many numbers, of which the first one is given. */
export function someFacts(
  about: Partial<Incident> = {},
  {
    numbers = 1,
    ...channel
  }: Partial<TellingFacts['channels'][number]> & { numbers?: number } = {},
): TellingFacts {
  return {
    incident: anIncident(about),
    numbers,
    channels: [
      {
        id: 'ch_00000000000000000000000001',
        name: 'support',
        labels: {},
        isSandbox: false,
        replaced: 'AVAILABLE',
        ...channel,
      },
    ],
  };
}
