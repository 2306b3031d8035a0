/** Webhooks as they came, and the signals that they and clients gave. */
import type { EntityRef } from '#domain/entity.ts';
import type { ChannelId } from '#domain/id.ts';
import type { SendErrorCount } from '#domain/signals/send-errors.ts';
import type { Signal, SignalSource } from '#domain/signals/signal.ts';
import type { Page, PageRequest } from './page.ts';

/** A webhook that was answered and is to be understood. */
export interface ReceivedWebhook {
  /** Lower-case hex of the SHA-256 of its body as it came. */
  readonly hash: string;
  readonly source: Exclude<SignalSource, 'api'>;
  /** By which door it came: the id of the app, or of the channel. */
  readonly ref: string;
  /** ms UTC. */
  readonly receivedAt: number;
  /** Without anything personal. */
  readonly body: Uint8Array;
}

export interface PendingWebhook extends ReceivedWebhook {
  /** How many of its changes are recorded. */
  readonly done: number;
}

export interface SignalFilter {
  /** About this channel, or about its WABA (given beside it) without naming a channel. */
  readonly channel?: { readonly id: ChannelId; readonly wabaId: string | null };
  readonly field?: string;
  readonly isKnown?: boolean;
}

/** A channel whose sends failed. */
export interface FailedSends {
  readonly channelId: ChannelId;
  readonly errors: readonly SendErrorCount[];
}

export interface SignalsView {
  /** Newest first. */
  list(page: PageRequest, filter?: SignalFilter): Promise<Page<Signal>>;
  /** The newest signals about this very entity that came at `since` or later; at most 50. */
  recent(about: { readonly entity: EntityRef; readonly since: number }): Promise<readonly Signal[]>;
  /**
   * Sends that failed at `since` or later, by code: of these channels (at most 500), or of all. At most 500
   * channels, in the order of their ids. To the minute: a code that came again within the minute of its first is
   * counted as of that first time.
   */
  failedSends(about: {
    readonly since: number;
    readonly channelIds: readonly ChannelId[] | 'all';
  }): Promise<readonly FailedSends[]>;
  /** The webhook that waits longest to be understood; null when none does. */
  pending(): Promise<PendingWebhook | null>;
}

export interface SignalsChange extends SignalsView {
  /** Stores a webhook. False when one with the same body was stored before: then nothing changes. */
  receive(webhook: ReceivedWebhook): Promise<boolean>;
  /**
   * Says that the first `done` changes of a webhook are recorded, `isAll` that these are all. False when it is no
   * longer at `from`: somebody else has gone on with it.
   */
  advance(
    hash: string,
    about: {
      readonly from: number;
      readonly done: number;
      readonly isAll: boolean;
      readonly at: number;
    },
  ): Promise<boolean>;
  /**
   * Records a signal under a key. One with the same key that is there already stays as it is; with `counts`
   * its count grows by that of the new one. False when it was there.
   */
  add(signal: Signal, about: { readonly key: string; readonly counts: boolean }): Promise<boolean>;
  /**
   * Makes channels due (at most 500) that are watched, each at `now`, or `everyMs` after the last time that this
   * was done; what is due before stays so. Gives how many there were.
   */
  makeDue(
    ids: readonly ChannelId[],
    about: { readonly now: number; readonly everyMs: number },
  ): Promise<number>;
  /** Erases up to `limit` (≤ 500) webhooks and as many signals from before. Gives how many there were. */
  prune(before: number, limit: number): Promise<number>;
}
