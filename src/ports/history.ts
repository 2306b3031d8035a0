/** What is remembered of the past: transitions, and the verdicts that they tell. */
import type { ChannelId } from '#domain/id.ts';
import type { Recorded, Transition } from '#domain/transition.ts';

export interface HistoryView {
  /** The verdicts as the newest transitions tell them; as before all for a channel without any. */
  recordedOf(id: ChannelId): Promise<Recorded>;
}

export interface HistoryChange extends HistoryView {
  /** Appends; the bodies that they name must be stored. At most 500 at once. */
  add(transitions: readonly Transition[]): Promise<void>;
  /**
   * What the transitions now tell of a channel. `cause` is the finding behind the messaging verdict, as
   * `WABA/141006`; null when there is none.
   */
  record(
    id: ChannelId,
    told: { readonly recorded: Recorded; readonly cause: string | null },
  ): Promise<void>;
}
