/** A clock that stands still until a test moves it. */
import { setImmediate } from 'node:timers/promises';
import type { Clock, Timer } from '#ports/clock.ts';

export interface FakeClock extends Clock {
  /**
   * Moves time forward and runs what falls due, in order, each at its own moment. What that work
   * awaits goes on before the next timer, as far as it needs no real input or output.
   */
  advance(ms: number): Promise<void>;
  /** Jumps to a time, also backwards, as a corrected clock does; timers keep their distance. */
  jumpTo(now: number): void;
  /** How many timers are waiting. */
  readonly pending: number;
}

/** 2026-03-01T00:00:00Z, unless told. */
export function createFakeClock(start: number = Date.UTC(2026, 2, 1)): FakeClock {
  let now = start;
  let timers: { at: number; work: () => void }[] = [];

  function takeNextUntil(until: number) {
    const due = timers.filter((timer) => timer.at <= until);
    const next = due.toSorted((one, other) => one.at - other.at)[0];
    timers = timers.filter((timer) => timer !== next);
    return next;
  }

  return {
    now: () => now,
    after(delayMs, work): Timer {
      const timer = { at: now + Math.max(0, delayMs), work };
      timers.push(timer);
      return {
        cancel() {
          timers = timers.filter((other) => other !== timer);
        },
      };
    },
    async advance(ms) {
      const until = now + ms;
      await setImmediate();
      for (let timer = takeNextUntil(until); timer !== undefined; timer = takeNextUntil(until)) {
        now = Math.max(now, timer.at);
        timer.work();
        await setImmediate();
      }
      now = until;
    },
    jumpTo(to) {
      for (const timer of timers) timer.at += to - now;
      now = to;
    },
    get pending() {
      return timers.length;
    },
  };
}
