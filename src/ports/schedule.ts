/** When which channel is read: due times, claims of what is due, and results that changed nothing. */
import type { Channel } from '#domain/channel.ts';
import type { ChannelId, CredentialId } from '#domain/id.ts';
import type { Recorded } from '#domain/transition.ts';

/** A channel that was due, claimed by this program. */
export interface DueChannel {
  readonly channel: Channel;
  /** The attempt that the claim gave. */
  readonly attempt: number;
  /** When it was due, ms UTC. */
  readonly dueAt: number;
  /** Which budget its reads come from. */
  readonly bucket: string;
  /**
   * What an answer must equal to change nothing; null when the next outcome always counts, as it does for a
   * channel that is read closely.
   */
  readonly settled: Settled | null;
  /** How many reads have failed since the last good one. */
  readonly failuresInARow: number;
  /** Whether trust in it has ended because its credential is rejected. */
  readonly isRejected: boolean;
}

/** A channel whose newest outcome is a good read, trusted and told. */
export interface Settled {
  /** The attempt of that read: what a next one repeats. */
  readonly attempt: number;
  readonly bodyHash: string;
  readonly readAt: number;
  readonly recorded: Recorded;
  /** When the messaging verdict took its status, ms UTC. */
  readonly since: number;
}

/** A good read that said the same as the one before: only its times are new. */
export interface UnchangedRead {
  readonly id: ChannelId;
  readonly attempt: number;
  /** The attempt whose outcome it repeats. */
  readonly repeats: number;
  readonly startedAt: number;
  readonly readAt: number;
  readonly version: string | null;
  readonly traceId: string | null;
  /** When it falls due next, where that is not what the claim set. */
  readonly dueAt: number | null;
}

/** A claim without a read. */
export interface GivenBack {
  readonly id: ChannelId;
  readonly attempt: number;
  /** When it falls due now; null leaves it at what the claim set. */
  readonly dueAt: number | null;
}

/** How much a bucket is asked for. */
export interface BucketLoad {
  readonly bucket: string;
  readonly channels: number;
  /** Reads an hour, were every channel read at its own interval. */
  readonly readsPerHour: number;
}

export interface ScheduleView {
  /** The earliest due time, ms UTC; null when nothing is scheduled. */
  nextDueAt(): Promise<number | null>;
  /**
   * The newest moment that the fleet knows of, ms UTC: something was read or put then. Null without a channel.
   * Scans.
   */
  newestAt(): Promise<number | null>;
  /** The load of every bucket, a page at a time, in the order of buckets. Scans: not for a hot path. */
  loads(page: {
    readonly after: string | null;
    readonly limit: number;
  }): Promise<readonly BucketLoad[]>;
}

export interface ScheduleChange extends ScheduleView {
  /**
   * Claims up to `limit` (≤ 500) channels that are due at `now` and not leased, in the order in which they
   * fell due: `attempt + 1`, a lease, and the due time moved to the next moment of their slot. Two
   * programs never get the same one.
   */
  claimDue(about: {
    readonly now: number;
    readonly limit: number;
    readonly leaseMs: number;
  }): Promise<readonly DueChannel[]>;
  /**
   * Writes good reads that changed nothing, at most 500, each only over the very outcome that it repeats.
   * Gives the ids that were written; the others have another outcome by now, are read closely, or are gone.
   */
  writeUnchanged(reads: readonly UnchangedRead[]): Promise<ReadonlySet<ChannelId>>;
  /** Gives claims back for which nobody was asked. At most 500. */
  giveBack(claims: readonly GivenBack[]): Promise<void>;
  /** Sets when a channel falls due; one that is paused or archived stays without. */
  setDue(id: ChannelId, dueAt: number): Promise<void>;
  /**
   * Makes channels due at `now` that wait because this credential was rejected, up to `limit` (≤ 500) of
   * them. Gives how many there were.
   */
  wake(
    credentialId: CredentialId,
    about: { readonly now: number; readonly limit: number },
  ): Promise<number>;
  /** Doubles the pace of one channel, up to `paceMsMax`: it was asked more often than its key may be. */
  slowDown(id: ChannelId, paceMsMax: number): Promise<void>;
  /** Names the budget that pays for a channel's reads. */
  setBucket(id: ChannelId, bucket: string): Promise<void>;
  /**
   * Stretches the pace of all channels of a bucket to `stretch` (≥ 1) times their interval, up to `limit`
   * (≤ 500) of them. Gives how many were changed; 0 when all have it.
   */
  stretch(
    bucket: string,
    about: { readonly stretch: number; readonly limit: number },
  ): Promise<number>;
  /**
   * After the clock stepped back: due times and leases beyond anything that `now` could have given come
   * back within reach, up to `limit` (≤ 500) of them. Gives how many were changed.
   */
  rebase(about: {
    readonly now: number;
    readonly leaseMs: number;
    readonly limit: number;
  }): Promise<number>;
}
