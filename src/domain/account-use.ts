/**
 * What a good answer says about how much Meta allows its WABA (docs/meta.md §4.1): an account with a
 * registered number in use far more than one without, or one that is banned.
 */
import type { HealthReport } from './health-report.ts';

const BANNED = '141014';
const UNREGISTERED = '141000';

/** `active`, `banned`; null when the answer is about a number that is not registered, others may be. */
export function accountUseOf(report: HealthReport): 'active' | 'banned' | null {
  const codes = new Set(report.entities.flatMap(({ errors }) => errors.map(({ code }) => code)));
  if (codes.has(BANNED)) return 'banned';
  return codes.has(UNREGISTERED) ? null : 'active';
}
