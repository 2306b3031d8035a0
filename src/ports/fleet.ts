/** The fleet as a whole: how many channels stand how, and which are in trouble. */
import type { UpstreamKind } from '#domain/billing.ts';
import type { Capability } from '#domain/entity.ts';
import type { ChannelId, TransitionId } from '#domain/id.ts';
import type { Status } from '#domain/status.ts';
import type { UnknownReason } from '#domain/verdict.ts';
import type { NumberNames } from './profiles.ts';

/** Channels that stand alike. */
export interface FleetGroup {
  readonly upstream: UpstreamKind;
  readonly isPaused: boolean;
  /** The messaging verdict as of now, age and trust considered. */
  readonly status: Status;
  /** Set exactly when the status is UNKNOWN. */
  readonly reason: UnknownReason | null;
  /** The finding behind LIMITED and BLOCKED, as `WABA/141006`: its type and code as received. */
  readonly cause: string | null;
  readonly channels: number;
  /** The oldest of their last good reads, ms UTC; null when none has one. */
  readonly oldestReadAt: number | null;
}

/** A channel that cannot send freely, as its newest outcome says. */
export interface TroubledChannel {
  readonly id: ChannelId;
  readonly name: string;
  readonly names: NumberNames;
  readonly status: Status;
  readonly reason: UnknownReason | null;
  readonly cause: string | null;
  /** When the status began, ms UTC; null when that is not known. */
  readonly since: number | null;
}

/** A change of what may be said of a channel. */
export interface VerdictChange {
  readonly id: TransitionId;
  readonly channelId: ChannelId;
  readonly channel: string;
  readonly names: NumberNames;
  readonly capability: Capability;
  /** Statuses; null before the first, or when it is reported no more. */
  readonly was: string | null;
  readonly is: string | null;
  /** Why it is UNKNOWN; null otherwise. */
  readonly reason: string | null;
  /** When it became so, ms UTC: that may lie before the moment at which it was found out. */
  readonly at: number;
}

export interface FleetView {
  /**
   * The groups among at most `limit` (≤ 500) channels that come after the one given, archived ones left
   * out. `next` is the last of them; null when there are no more.
   */
  tally(about: {
    readonly now: number;
    readonly after: ChannelId | null;
    readonly limit: number;
  }): Promise<{ readonly groups: readonly FleetGroup[]; readonly next: ChannelId | null }>;
  /**
   * Up to `limit` channels of this status, paused and archived ones left out, those with the same cause
   * together; only those with `cause` when it is given, null for those without one.
   */
  troubled(about: {
    readonly status: Exclude<Status, 'AVAILABLE'>;
    readonly cause?: string | null;
    readonly limit: number;
  }): Promise<readonly TroubledChannel[]>;
  /**
   * The changes of verdicts among the newest transitions, the last written first: at most `limit` (≤ 200),
   * and only as far back as 500 transitions reach.
   */
  lastChanges(limit: number): Promise<readonly VerdictChange[]>;
}
