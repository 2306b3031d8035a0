/** How one more read of a channel changes what it shows of a cause. Pure. */
import { stalenessLimitMs } from '#domain/freshness.ts';
import { isWorse } from './seen-cause.ts';
import type { Sign } from './sign.ts';

/** A cause is over for a channel after good reads over so long; longer where it comes back again and again. */
export const RECOVERED_AFTER_MS = 300_000;
export const STABLE_AFTER_MS = 3_600_000;

/** When a read was begun and was there, ms UTC. */
export interface ReadTimes {
  readonly startedAt: number;
  readonly readAt: number;
}

/**
 * It is seen bad: whatever good reads there were count no more. A suspect that is worse than it was is suspected
 * anew: what was milder is no witness of that.
 */
export function sightBad(
  sign: Sign,
  seen: Pick<Sign, 'status' | 'codes'>,
  { startedAt, readAt }: ReadTimes,
): Sign {
  const { status, codes } = seen;
  const isAnew = sign.stage === 'suspect' && isWorse(status, sign.status);
  return {
    ...sign,
    status,
    codes: codes.length > 0 ? codes : sign.codes,
    lastBadAt: readAt,
    firstStartedAt: isAnew ? startedAt : sign.firstStartedAt,
    badReads: isAnew ? 1 : sign.badReads + 1,
    goodSince: null,
  };
}

/** It is seen good: the first such read begins the recovery; a gap beyond the staleness limit begins it anew. */
export function sightGood(sign: Sign, { readAt }: ReadTimes, intervalMs: number): Sign {
  const { goodSince, goodAt } = sign;
  const isGap = goodAt !== null && readAt - goodAt > stalenessLimitMs(intervalMs);
  const since = goodSince === null || isGap ? readAt : goodSince;
  return { ...sign, goodSince: since, goodAt: readAt };
}

/** Whether this good read, begun then, closes it: so long after the first one, and not that one itself. */
export function isOver(
  { goodSince }: Pick<Sign, 'goodSince'>,
  { startedAt }: ReadTimes,
  afterMs: number,
): boolean {
  return goodSince !== null && startedAt >= goodSince + afterMs;
}
