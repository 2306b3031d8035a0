/** A database that is away when a program starts is waited for: both may be starting at once. */
import { Problem } from '#domain/problem.ts';
import type { Clock } from '#ports/clock.ts';
import { mayPass } from './engine-error.ts';

const PAUSE_MS_FIRST = 250;
const PAUSE_MS_MAX = 5_000;
/** Longer than a database needs to start; shorter than a supervisor waits before it calls us hung. */
const WAIT_MS_MAX = 60_000;

/**
 * What `attempt` gives, tried again with growing pauses as long as waiting may help. Problem
 * `cannot_start` when a minute was not enough, or when no waiting would be.
 */
export async function reach<T>(attempt: () => Promise<T>, clock: Clock): Promise<T> {
  let waitedMs = 0;
  for (let pauseMs = PAUSE_MS_FIRST; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'store_unavailable') throw error;
      if (!mayPass(error) || waitedMs >= WAIT_MS_MAX) throw startProblem(error, waitedMs);
    }
    await new Promise<void>((resolve) => void clock.after(pauseMs, resolve));
    waitedMs += pauseMs;
  }
}

function startProblem(error: Problem, waitedMs: number): Problem {
  const waited = waitedMs === 0 ? '' : ` It was waited for ${Math.round(waitedMs / 1_000)} s.`;
  const message = `The server cannot start. ${error.message}${waited}`;
  return new Problem('cannot_start', message, { cause: error });
}
