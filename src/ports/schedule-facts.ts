/** What the schedule of this program is doing at this moment, for whoever operates it. */
import type { UpstreamKind } from '#domain/billing.ts';

export interface ScheduleFacts {
  /** How late the channel is that has been due for longest, in ms; 0 when none is. */
  readonly lagMs: number;
  /** Channels claimed whose read has not begun, and reads under way. */
  readonly dueNow: number;
  readonly inFlight: number;
  readonly breakers: readonly BreakerFacts[];
}

/** `open`: the upstream fails as a whole and is asked only now and then, until it answers again. */
export interface BreakerFacts {
  readonly upstream: UpstreamKind;
  readonly state: 'closed' | 'open';
  /** Since when, ms UTC; null when it has been closed all the time. */
  readonly since: number | null;
}
