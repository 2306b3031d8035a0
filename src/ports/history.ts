/** What is remembered of the past: transitions, the verdicts that they tell, and the bodies behind them. */
import type { Capability, EntityRef } from '#domain/entity.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Recorded, SeriesStep, Transition, TransitionKind } from '#domain/transition.ts';
import type { Page, PageRequest } from './page.ts';

/** Without a channel, those of the whole fleet. */
export interface TransitionFilter {
  readonly channelId?: ChannelId;
  /** Only of these kinds; none means all. */
  readonly kinds?: readonly TransitionKind[];
  /** Only of this series, which takes a channel and no kinds. */
  readonly series?: string;
  /** From this moment on, ms UTC. */
  readonly from?: number;
  /** Before this moment, ms UTC. */
  readonly until?: number;
}

/** An entity that a channel's history tells of. */
export interface SeenEntity {
  readonly series: string;
  readonly entity: EntityRef;
  readonly capability: Capability;
}

export interface HistoryView {
  /** The verdicts as the newest transitions tell them; as before all for a channel without any. */
  recordedOf(id: ChannelId): Promise<Recorded>;
  /** Newest first, by the moments that they tell of. */
  list(page: PageRequest, filter: TransitionFilter): Promise<Page<Transition>>;
  /** Oldest first: the same in the other direction, for whoever wants all of them. */
  walk(page: PageRequest, filter: TransitionFilter): Promise<Page<Transition>>;
  /**
   * One series of a channel, oldest first: what happened from `from` until before `until`, led on the
   * first page by the newest before `from`. The page may have 5,000 items: it is for `Store.scan`.
   */
  seriesOf(
    id: ChannelId,
    about: { readonly series: string; readonly from: number; readonly until: number },
    page: PageRequest,
  ): Promise<Page<SeriesStep>>;
  /** The entities that a channel's transitions are about, in the order of their series; at most `limit`. */
  entitiesSeen(id: ChannelId, limit: number): Promise<readonly SeenEntity[]>;
  /** A body by its hash, byte for byte; null when it is not stored (any more). */
  bodyOf(hash: string): Promise<Uint8Array | null>;
}

/** One step of pruning. */
export interface Pruned {
  /** Where the next step goes on; null when the horizon is reached. */
  readonly next: string | null;
  readonly erased: number;
}

export interface HistoryChange extends HistoryView {
  /** Appends; the bodies that they name must be stored. At most 500 at once. */
  add(transitions: readonly Transition[]): Promise<void>;
  /**
   * What the transitions now tell of a channel. `cause` is the finding behind the messaging verdict, as
   * `WABA/141006`; null when there is none. `worked` says when each capability
   * was last known to work; without it that stays.
   */
  record(
    id: ChannelId,
    told: {
      readonly recorded: Recorded;
      readonly cause: string | null;
      readonly worked?: Readonly<Record<Capability, number | null>>;
    },
  ): Promise<void>;
  /**
   * Looks at the oldest transitions before `before`, from `after` on and at most `limit` (≤ 500), and
   * erases those that a newer one of their series, also before it, has followed: so that what held at the
   * horizon is still known. Bodies that nothing refers to any more go with them.
   */
  prune(about: {
    readonly before: number;
    readonly after: string | null;
    readonly limit: number;
  }): Promise<Pruned>;
  /** Erases up to `limit` (≤ 500) transitions of a channel, with their bodies. Gives how many there were. */
  eraseOf(id: ChannelId, limit: number): Promise<number>;
}
