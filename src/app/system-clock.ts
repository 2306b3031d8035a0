/** The clock of a running program: the only place besides the command line that reads real time. */
import type { Clock, Timer } from '#ports/clock.ts';

/** Node runs a timer at once when its delay is longer than this. */
const TIMER_MS_MAX = 2_147_483_647;

export const systemClock: Clock = { now: () => Date.now(), after };

function after(delayMs: number, work: () => void): Timer {
  let handle: NodeJS.Timeout;
  const arm = (restMs: number) => {
    const stepMs = Math.min(Math.max(0, restMs), TIMER_MS_MAX);
    handle = setTimeout(() => (restMs > stepMs ? arm(restMs - stepMs) : work()), stepMs);
    handle.unref();
  };
  arm(delayMs);
  return { cancel: () => clearTimeout(handle) };
}
