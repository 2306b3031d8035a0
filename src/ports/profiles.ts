/** What a number is beside its health: kept from read to read, and when it is read again. */
import type { Failure } from '#domain/failure.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Profile } from '#domain/profile.ts';

/** By what people know a number; null is "not known". */
export interface NumberNames {
  /** As Meta writes it, with blanks: `+49 30 1234`. */
  readonly displayNumber: string | null;
  readonly verifiedName: string | null;
}

export const NO_NAMES: NumberNames = { displayNumber: null, verifiedName: null };

/** What is known of a channel's profile. */
export interface KnownProfile {
  /** Null before the first good read. */
  readonly profile: Profile | null;
  /** When the last good read was, ms UTC. */
  readonly readAt: number | null;
  /** Why the newest read saw nothing; null when it was good. */
  readonly failure: Failure | null;
  readonly failuresInARow: number;
}

export const UNKNOWN_PROFILE: KnownProfile = {
  profile: null,
  readAt: null,
  failure: null,
  failuresInARow: 0,
};

/** The messaging limit of a business portfolio: one for all its numbers (docs/meta.md §7.1). */
interface Portfolio {
  readonly businessId: string;
  readonly messagingLimit: string | null;
  /** When a number of it was read that told so, ms UTC. */
  readonly readAt: number;
}

export interface ProfilesView {
  find(id: ChannelId): Promise<KnownProfile>;
  /** Of at most 500 channels; one that is not there is left out. */
  ofChannels(ids: readonly ChannelId[]): Promise<ReadonlyMap<ChannelId, KnownProfile>>;
  /** Of at most 500 businesses; one of which nothing was told is left out. */
  portfolios(businessIds: readonly string[]): Promise<ReadonlyMap<string, Portfolio>>;
}

export interface ProfilesChange extends ProfilesView {
  /**
   * Up to `limit` (≤ 500) channels whose profile is due at `now`, the longest waiting first. Each falls
   * due again at `againAt` unless something is written before: who dies with a claim gives it back so.
   */
  claimDue(about: {
    readonly now: number;
    readonly limit: number;
    readonly againAt: number;
  }): Promise<readonly ChannelId[]>;
  /** Writes what is known now, and when it is read again, ms UTC. One that is not scheduled stays so. */
  write(id: ChannelId, known: KnownProfile, dueAt: number): Promise<void>;
  /** Sets when a channel's profile is read; one that is paused or archived stays without. */
  setDue(id: ChannelId, dueAt: number): Promise<void>;
  /** Writes what a portfolio has, unless something newer is known. */
  putPortfolio(portfolio: Portfolio): Promise<void>;
}
