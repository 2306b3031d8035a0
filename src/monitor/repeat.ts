/** Work that is done again and again in the background, never twice at the same time. */
import type { Clock, Timer } from '#ports/clock.ts';
import type { Events } from '#ports/events.ts';

export interface Repeated {
  /** Begins no more, not within a round either, and waits for what is under way. Idempotent. */
  close(): Promise<void>;
}

export interface RepeatWish {
  /** What an operator reads when it fails: `pruning history`. */
  readonly what: string;
  /** The pause between the end of one round and the beginning of the next, in ms. */
  readonly everyMs: number;
  /** The pause before the first round, in ms; `everyMs` unless given. */
  readonly firstMs?: number;
  /** The pause before the next round when there is more to do, in ms; none unless given. */
  readonly pauseMs?: number;
  /**
   * One round. True says that there is more to do. Long ones look at `closing` between their steps and
   * throw its reason once it is aborted, which ends the round as any other end does.
   */
  readonly work: (closing: AbortSignal) => Promise<boolean | void>;
}

/** Begins `firstMs` from now. A round that fails is told as `background_failed` and tried again later. */
export function repeat(
  { clock, events }: { readonly clock: Clock; readonly events: Events },
  { what, everyMs, firstMs = everyMs, pauseMs = 0, work }: RepeatWish,
): Repeated {
  const closing = new AbortController();
  const { signal } = closing;
  let running: Promise<void> = Promise.resolve();
  let timer: Timer = clock.after(firstMs, begin);

  function begin(): void {
    running = round();
  }

  async function round(): Promise<void> {
    let isMore = false;
    try {
      isMore = (await work(signal)) === true;
    } catch (error) {
      const isEnd = signal.aborted && error === signal.reason;
      if (!isEnd) events.emit('background_failed', { what, error });
    }
    if (!signal.aborted) timer = clock.after(isMore ? pauseMs : everyMs, begin);
  }

  return {
    async close() {
      closing.abort();
      timer.cancel();
      await running;
    },
  };
}
