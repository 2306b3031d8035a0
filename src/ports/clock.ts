/** Time, as a port: a test can replay any schedule, and nothing of ours ever sleeps in a test. */
export interface Clock {
  /** Wall-clock time, ms UTC. Shown and stored; never decides order (attempt numbers do). */
  now(): number;
  /** Runs `work` once, `delayMs` from now. It does not keep the process alive. */
  after(delayMs: number, work: () => void): Timer;
}

export interface Timer {
  /** Stops it; without effect once it ran. */
  cancel(): void;
}
