/** When a channel is read again after an outcome, where that is not the next moment of its slot. */
import type { Channel } from '#domain/channel.ts';
import type { ChannelState, LastFailure } from '#domain/channel-state.ts';
import { standingOf } from '#domain/channel-state.ts';
import type { FailureCode } from '#domain/failure.ts';
import { soonerMs } from '#domain/schedule.ts';
import type { Deps, Policy } from './deps.ts';
import { retryAt } from './pause.ts';

/** The pause after a first failure; it doubles with each further one. */
const BACK_OFF_MS = 15_000;
/** Where doubling ends: what a person must mend is not asked about more than once an hour. */
const BACK_OFF_MS_MAX = { transient: 300_000, lasting: 3_600_000 } as const;
const LASTING: ReadonlySet<FailureCode> = new Set([
  'credential_rejected',
  'account_disabled',
  'rate_limited',
]);
/** The most that chance adds to a pause, as a part of it. */
const JITTER = 0.2;

/**
 * ms UTC; null leaves it to the schedule. Trouble is looked at as soon as its incident wants it (`wantedMs`),
 * and what we cannot judge sooner than usual. A read that failed is asked again
 * after its pause, longer by a share of chance so that what failed together does not come back together;
 * a doubt is confirmed or refuted as soon as it may be.
 */
export function nextReadAt(
  channel: Pick<Channel, 'intervalMs'>,
  state: ChannelState,
  {
    deps,
    now,
    wantedMs,
  }: {
    readonly deps: Pick<Deps, 'policy' | 'randomness'>;
    readonly now: number;
    readonly wantedMs: number | null;
  },
): number | null {
  const { lastFailure, trust } = state;
  if (lastFailure !== null) {
    if (trust.state === 'doubted') return Math.max(now, retryAt(lastFailure, deps.policy));
    const pauseMs = pauseMsAfter(lastFailure, channel, { policy: deps.policy, now });
    return now + Math.round(pauseMs * (1 + JITTER * chance(deps)));
  }
  if (wantedMs !== null) return now + wantedMs;
  const { intervalMs } = channel;
  const { verdicts, since } = standingOf(state, intervalMs, now);
  const { status } = verdicts.messaging;
  const sooner = soonerMs({ intervalMs, status, since: since?.messaging ?? null, now });
  return sooner === null ? null : now + sooner;
}

function pauseMsAfter(
  last: LastFailure,
  { intervalMs }: Pick<Channel, 'intervalMs'>,
  { policy, now }: { readonly policy: Policy; readonly now: number },
): number {
  const isLasting = LASTING.has(last.failure.code);
  const max = Math.max(intervalMs, BACK_OFF_MS_MAX[isLasting ? 'lasting' : 'transient']);
  const doubled = Math.min(BACK_OFF_MS * 2 ** Math.min(last.inARow - 1, 30), max);
  return Math.max(doubled, retryAt(last, policy) - now);
}

/** From 0 to 1. */
function chance({ randomness }: Pick<Deps, 'randomness'>): number {
  return (randomness.bytes(1)[0] ?? 0) / 255;
}
