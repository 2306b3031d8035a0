/**
 * The database's clock, which all its programs share: what one machine writes as now must not be an
 * hour ago on another.
 */
import type { Clock, Timer } from '#ports/clock.ts';

/** How often the system's clock is held against the database's; a clock that jumped is wrong as long. */
const MEASURE_EVERY_MS = 60_000;
/** An answer that took longer says too little about when it was given. */
const ROUND_TRIP_MS_MAX = 2_000;

export interface DatabaseClock {
  readonly clock: Clock;
  /** Ends the measuring; the clock goes on as it is. */
  stop(): void;
}

/** Measures once before it resolves, and then every minute. Rejects when the first time cannot be read. */
export async function followDatabaseClock(
  system: Clock,
  databaseNow: () => Promise<number>,
): Promise<DatabaseClock> {
  let aheadMs = 0;
  let timer: Timer | null = null;
  let isStopped = false;

  async function measure(): Promise<number | null> {
    const asked = system.now();
    const told = await databaseNow();
    const tookMs = system.now() - asked;
    // Less than nothing: the system's clock was set while we waited.
    if (tookMs < 0 || tookMs > ROUND_TRIP_MS_MAX) return null;
    return told - (asked + Math.round(tookMs / 2));
  }

  async function measureAgain(): Promise<void> {
    try {
      aheadMs = (await measure()) ?? aheadMs;
    } catch {
      // The database is away: what was true a minute ago is the best there is.
    }
    schedule();
  }

  function schedule(): void {
    if (!isStopped) timer = system.after(MEASURE_EVERY_MS, () => void measureAgain());
  }

  aheadMs = (await measure()) ?? 0;
  schedule();
  return {
    clock: {
      now: () => system.now() + aheadMs,
      after: (delayMs, work) => system.after(delayMs, work),
    },
    stop() {
      isStopped = true;
      timer?.cancel();
    },
  };
}
