/**
 * Whether an upstream as a whole is in trouble: for two minutes at least half of its reads have failed,
 * across five credentials or WABAs, or all of them where there are fewer.
 */

/** How far back the judgement looks, and in what slices, in ms. */
export const BREAKER_WINDOW_MS = 120_000;
export const BREAKER_SLICE_MS = 10_000;
const SUBJECTS_MIN = 5;

/** The reads of one slice of time by one program. */
export interface ReadCounts {
  readonly sliceAt: number;
  readonly reads: number;
  readonly failed: number;
  readonly subjects: number;
  readonly failedSubjects: number;
}

/**
 * Judges slices that lie within the window before `now`. Trouble needs evidence from its whole length: reads
 * that failed in the first half of it too.
 */
export function isInTrouble(slices: readonly ReadCounts[], now: number): boolean {
  const recent = slices.filter(({ sliceAt }) => sliceAt > now - BREAKER_WINDOW_MS);
  const early = recent.filter(({ sliceAt }) => sliceAt <= now - BREAKER_WINDOW_MS / 2);
  if (!early.some(({ failed }) => failed > 0)) return false;
  const reads = sumOf(recent, (slice) => slice.reads);
  const failed = sumOf(recent, (slice) => slice.failed);
  if (failed * 2 < reads || reads === 0) return false;
  const subjects = Math.max(...recent.map((slice) => slice.subjects));
  const failing = Math.max(...recent.map((slice) => slice.failedSubjects));
  return failing >= Math.min(SUBJECTS_MIN, subjects);
}

function sumOf(slices: readonly ReadCounts[], of: (slice: ReadCounts) => number): number {
  return slices.reduce((sum, slice) => sum + of(slice), 0);
}
