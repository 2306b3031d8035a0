/**
 * When a message that was not taken is sent again: early, because it is an alert, and for two days, because
 * the receiver may be down over a weekend's night (docs/decisions/0021-outbox.md).
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The pause before each try after the first. */
export const RETRY_PAUSES_MS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
];

/** The longest that all tries of one message take: after that it was delivered or is dead. */
export const RETRY_WINDOW_MS: number = RETRY_PAUSES_MS.reduce((sum, pause) => sum + pause, 0) * 1.2;

/** So far a pause strays to either side, so that what failed together is not sent together again. */
const JITTER = 0.2;

export interface Tried {
  /** How often it was tried, this time among them: 1 or more. */
  readonly attempts: number;
  /** A byte of chance. */
  readonly chance: number;
  /** No pause is longer than this; the window stays. For services that forget what they are not told again. */
  readonly pauseMsMax?: number | undefined;
}

/** How long until the next try; null when there is none left. */
export function retryPauseMs({ attempts, chance, pauseMsMax = Infinity }: Tried): number | null {
  const last = RETRY_PAUSES_MS.length - 1;
  const inWindow = Math.max(last + 1, Math.floor(RETRY_WINDOW_MS / pauseMsMax));
  if (attempts > inWindow) return null;
  const pause = Math.min(RETRY_PAUSES_MS[Math.min(attempts - 1, last)] ?? 0, pauseMsMax);
  return Math.round(pause * (1 - JITTER + (2 * JITTER * (chance & 255)) / 255));
}

/** The longest that a receiver can ask for peace. */
export const RETRY_AFTER_MS_MAX: number = HOUR;
