/** Watching: the schedule, and the rounds that keep it fair and safe. */
import type { Monitor } from './monitor.ts';
import type { Repeated } from './repeat.ts';
import { repeat } from './repeat.ts';
import { rebalance } from './schedule/rebalance.ts';

const SHARE_MS = 5_000;
const REBALANCE_MS = 60_000;

/** Begins to watch. To be closed before the monitor is. */
export function watchFleet({ deps, schedule }: Monitor): Repeated {
  schedule.start();
  const rounds = [
    repeat(deps, {
      what: 'sharing how reads end',
      everyMs: SHARE_MS,
      work: () => schedule.shareTallies(),
    }),
    repeat(deps, {
      what: 'fitting the intervals to the budgets',
      everyMs: REBALANCE_MS,
      work: () => rebalance(deps),
    }),
  ];
  return {
    async close() {
      // All at once: while a round ends, nothing more is claimed.
      await Promise.all([schedule.close(), ...rounds.map((round) => round.close())]);
    },
  };
}
