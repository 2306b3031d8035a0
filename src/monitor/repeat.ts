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
  /** One round. True asks for the next one at once, because there is more to do. */
  readonly work: () => Promise<boolean | void>;
}

/** Begins `everyMs` from now. A round that fails is told as `background_failed` and tried again later. */
export function repeat(
  { clock, events }: { readonly clock: Clock; readonly events: Events },
  { what, everyMs, work }: RepeatWish,
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
    if (!closed) timer = clock.after(isMore ? 0 : everyMs, begin);
  }

  return {
    async close() {
      closed = true;
      timer.cancel();
      await running;
    },
  };
}
