/** Incidents of Acme's at noon, and what is known of them when it is decided who hears of them. */
import type { Incident } from '#domain/incidents/incident.ts';
import type { TellingFacts } from '#domain/telling/match.ts';
import { anIncident } from '#test/domain/incidents/an-incident.ts';

const NOON = Date.UTC(2026, 2, 1, 12);
let refs = 0;

/** Each is about another WABA unless told. */
export function anotherIncident(about: Partial<Incident> = {}): Incident {
  refs += 1;
  return anIncident({
    cause: { kind: 'entity', type: 'WABA', ref: `1022901293403${refs}` },
    detail: null,
    beganAt: NOON - 60_000,
    openedAt: NOON,
    lastGoodAt: NOON - 120_000,
    ...about,
  });
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
    incident: anotherIncident(about),
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
