/** How long a channel is left in peace after a failed read. */
import type { LastFailure } from '#domain/channel-state.ts';
import { isDefinitive } from '#domain/failure.ts';
import type { Policy } from './deps.ts';

/**
 * When it may be asked again, ms UTC. The pause doubles with each failure in a row; the upstream can ask
 * for a longer one, and a definitive failure is not asked about before the read that confirms it.
 */
export function retryAt({ at, failure, inARow }: LastFailure, policy: Policy): number {
  const doubled = policy.backOffMs * 2 ** Math.min(inARow - 1, 30);
  const asked = Math.min(failure.retryAfterMs ?? 0, policy.retryAfterMsMax);
  const confirming = isDefinitive(failure.code) ? policy.confirmAfterMs : 0;
  return at + Math.max(Math.min(doubled, policy.backOffMsMax), asked, confirming);
}

/** Whether the pause after this failure still lasts at `now`. */
export function isPaused(last: LastFailure | null, policy: Policy, now: number): boolean {
  return last !== null && now < retryAt(last, policy);
}

/** Whether the upstream itself asked for the pause that lasts at `now`: not even a wish ends that one. */
export function isAskedToWait(last: LastFailure | null, policy: Policy, now: number): boolean {
  if (last === null || last.failure.retryAfterMs === null) return false;
  return now < last.at + Math.min(last.failure.retryAfterMs, policy.retryAfterMsMax);
}
