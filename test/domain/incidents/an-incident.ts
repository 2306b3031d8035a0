/** Acme's card failed: the incident that tests vary, opened a minute after it began. */
import type { Incident } from '#domain/incidents/incident.ts';
import { NIGHT } from '#test/domain/samples.ts';

export function anIncident(about: Partial<Incident> = {}): Incident {
  return {
    id: 'inc_00000000000000000000000142',
    number: 142,
    cause: { kind: 'entity', type: 'WABA', ref: '102290129340398' },
    capability: 'messaging',
    upstream: 'graph',
    status: 'BLOCKED',
    severity: 'critical',
    codes: ['141006'],
    actor: 'account_owner',
    detail: 'There is an error with the payment method.',
    beganAt: NIGHT,
    openedAt: NIGHT + 62_000,
    lastGoodAt: NIGHT - 60_000,
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
