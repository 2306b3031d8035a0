/** Work that is done again and again in the background, never twice at the same time. */
import type { Clock, Timer } from '#ports/clock.ts';
import type { Events } from '#ports/events.ts';

export interface Repeated {
  /** Begins no more, and waits for what is under way. Idempotent. */
  close(): Promise<void>;
}

export interface RepeatWish {
  /** What an operator reads when it fails: `pruning history`. */
  readonly what: string;
  /** The pause between the end of one round and the beginning of the next, in ms. */
  readonly everyMs: number;
  /** The pause before the next round when there is more to do, in ms; none unless given. */
  readonly pauseMs?: number;
  /** One round. True says that there is more to do. */
  readonly work: () => Promise<boolean | void>;
}

/** Begins `everyMs` from now. A round that fails is told as `background_failed` and tried again later. */
export function repeat(
  { clock, events }: { readonly clock: Clock; readonly events: Events },
  { what, everyMs, pauseMs = 0, work }: RepeatWish,
): Repeated {
  let closed = false;
  let running: Promise<void> = Promise.resolve();
  let timer: Timer = clock.after(everyMs, begin);

  function begin(): void {
    running = round();
  }

  async function round(): Promise<void> {
    let isMore = false;
    try {
      isMore = (await work()) === true;
    } catch (error) {
      events.emit('background_failed', { what, error });
    }
    if (!closed) timer = clock.after(isMore ? pauseMs : everyMs, begin);
  }

  return {
    async close() {
      closed = true;
      timer.cancel();
      await running;
    },
  };
}
