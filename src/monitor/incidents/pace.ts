/** How closely a channel is read because of what it shows. */
import { suspectPaceMs } from '#domain/incidents/confirm.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import { isBad, isWorse } from '#domain/incidents/seen-cause.ts';
import type { Sign } from '#domain/incidents/sign.ts';
import { STABLE_AFTER_MS } from '#domain/incidents/sighting.ts';
import type { Sighted } from './sighted.ts';

/** The member that stands for the others, and for how long it is worth that: ms. */
const SENTINEL_MS = 60_000;
const SENTINEL_FOR_MS = 86_400_000;
/** While somebody says that they are at it. */
const WATCHED_MS = 15_000;

export interface Pace {
  /** How soon it is to be read again, in ms; null leaves that to the schedule. */
  readonly paceMs: number | null;
  /** Whether reads that say the same as before count too. */
  readonly isClosely: boolean;
}

export async function paceOf(sighted: Sighted, signs: readonly Sign[]): Promise<Pace> {
  const paces = await Promise.all(signs.map((sign) => paceOfSign(sighted, sign)));
  const wanted = paces.filter((pace) => pace !== null);
  const { intervalMs } = sighted.channel;
  const soonest = Math.min(...wanted);
  return {
    paceMs: wanted.length > 0 && soonest < intervalMs ? Math.max(1, soonest) : null,
    isClosely: wanted.length > 0,
  };
}

/** In ms; null where nothing is waited for but a change. */
async function paceOfSign(
  { tx, deps, times, channel }: Sighted,
  sign: Sign,
): Promise<number | null> {
  const { stage, cause, goodSince, incidentId } = sign;
  if (stage === 'suspect') return suspectPaceMs(sign.badReads);
  if (stage === 'muted') return channel.intervalMs;
  const incident = incidentId === null ? null : await tx.incidents.find(incidentId);
  if (goodSince !== null) {
    const afterMs = incident?.isFlapping ? STABLE_AFTER_MS : deps.policy.recoveredAfterMs;
    return Math.min(channel.intervalMs, Math.max(1, goodSince + afterMs - times.readAt));
  }
  if (cause.kind !== 'entity' || !isBad(sign.status)) return null;
  // That it became worse is to be confirmed.
  if (incident !== null && isWorse(sign.status, incident.status)) return suspectPaceMs(1);
  return incident?.sentinelId === channel.id ? sentinelPaceMs(incident, times.readAt) : null;
}

/** LIMITED lasts for weeks: it is not worth the questions. */
function sentinelPaceMs(incident: Incident, now: number): number | null {
  const { watchUntil, status, openedAt } = incident;
  if (watchUntil !== null && now < watchUntil) return WATCHED_MS;
  return status === 'BLOCKED' && now - openedAt < SENTINEL_FOR_MS ? SENTINEL_MS : null;
}
