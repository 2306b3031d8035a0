/** What an operator can see of the schedule of one program. */
import type { UpstreamKind } from '#domain/billing.ts';

/** As of now. */
export interface ScheduleFacts {
  /** From due to asked, over the last minute, in ms. */
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  /** Channels that are being read. */
  readonly inFlight: number;
  /** Checks and round trips since the start. */
  readonly checks: number;
  readonly trips: number;
  /** When it last found out what is due, ms UTC; null before it did. */
  readonly lookedAt: number | null;
  /** Since when reads of an upstream are held back because it is in trouble, ms UTC. */
  readonly openSince: Readonly<Record<UpstreamKind, number | null>>;
}

/** An upstream that fails as a whole. */
export interface Trouble {
  /** When the reads began to fail, ms UTC. */
  readonly since: number;
  /** Whether every read reached nobody. */
  readonly reachesNobody: boolean;
}
