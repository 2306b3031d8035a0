/**
 * How old an answer may be. The *staleness limit* is one number for the public route, the verdict and
 * every page: all turn in the same second.
 */

export const STALENESS_INTERVALS = 3;
export const STALENESS_MS_MIN = 600_000;

/** The larger of three intervals and ten minutes, in ms. */
export function stalenessLimitMs(checkIntervalMs: number): number {
  return Math.max(STALENESS_INTERVALS * checkIntervalMs, STALENESS_MS_MIN);
}

/** Whether an answer read at `readAt` is outdated at `now` (all ms): older than the limit, not equal. */
export function isOutdated(readAt: number, checkIntervalMs: number, now: number): boolean {
  return now - readAt > stalenessLimitMs(checkIntervalMs);
}

/** Intervals in ms: what a channel gets without a setting of its own, and the least it may have. */
export const DEFAULT_CHECK_INTERVAL_MS = { graph: 120_000, dialog360: 300_000 } as const;
export const CHECK_INTERVAL_MS_MIN = 15_000;
