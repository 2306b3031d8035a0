/**
 * `appsecret_proof`: that a call comes from somebody who knows the app's secret. Two forms, classic
 * and timestamped (docs/meta.md §6).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

const LIFETIME_S = 300;

export interface Proof {
  readonly proof: string;
  /** Unix seconds as sent; null for the classic form. */
  readonly time: string | null;
}

/** Whether the proof fits this token and secret at `now` (ms). */
export function isProven(
  given: Proof,
  token: string,
  about: { secret: string; now: number },
): boolean {
  if (given.time !== null) {
    if (!/^\d{1,12}$/.test(given.time)) return false;
    if (Math.abs(about.now / 1000 - Number(given.time)) > LIFETIME_S) return false;
  }
  const message = given.time === null ? token : `${token}|${given.time}`;
  const expected = createHmac('sha256', about.secret).update(message).digest('hex');
  const [a, b] = [Buffer.from(expected), Buffer.from(given.proof)];
  return a.length === b.length && timingSafeEqual(a, b);
}
