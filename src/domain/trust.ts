/**
 * Trust in a channel's stored status. A definitive failure leaves the status alone but, confirmed by a
 * second read, ends trust in it: the verdict is UNKNOWN at once and no stored 200 is served any more.
 */
import type { FailureCode } from './failure.ts';
import { isDefinitive } from './failure.ts';

export type Trust =
  | { readonly state: 'trusted' }
  /** One definitive failure, waiting for the read that confirms or refutes it. */
  | { readonly state: 'doubted'; readonly code: FailureCode; readonly since: number }
  | { readonly state: 'ended'; readonly code: FailureCode; readonly since: number };

export const TRUSTED: Trust = { state: 'trusted' };

/** Trust after a good read: whatever was doubted is refuted. */
export function trustAfterGoodRead(): Trust {
  return TRUSTED;
}

/**
 * Trust after a failure seen at `at`. Only definitive failures count; a transient one neither
 * confirms nor refutes. `since` stays that of the first definitive failure, `code` is the newest.
 */
export function trustAfterFailure(trust: Trust, code: FailureCode, at: number): Trust {
  if (!isDefinitive(code)) return trust;
  if (trust.state === 'trusted') return { state: 'doubted', code, since: at };
  return { state: 'ended', code, since: trust.since };
}
