/**
 * Time, as the simulator sees it. The same shape as the product's clock port, declared again because
 * the simulator imports nothing of the product; a test can hand one fake clock to both.
 */
export interface SimulatorClock {
  /** Wall-clock time, ms UTC. */
  now(): number;
  /** Runs `work` once, `delayMs` from now. */
  after(delayMs: number, work: () => void): { cancel(): void };
}

/** The machine's own clock. Timers do not keep the process alive. */
export const systemClock: SimulatorClock = {
  now: () => Date.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, delayMs);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
