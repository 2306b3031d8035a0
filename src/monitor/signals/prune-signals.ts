/** Forgets webhooks and signals after their time, a few rows at a time. */
import { SIGNALS_KEPT_MS } from '#domain/signals/signal.ts';
import type { PruningDeps } from '#monitor/prune.ts';
import type { Repeated } from '#monitor/repeat.ts';
import { repeat } from '#monitor/repeat.ts';

const STEP_ROWS = 200;
const PAUSE_MS = 100;
const EVERY_MS = 3_600_000;
/** Not among all that begins with a start. */
const FIRST_MS = 420_000;

export function startSignalPruning(deps: PruningDeps): Repeated {
  return repeat(deps, {
    what: 'pruning signals',
    everyMs: EVERY_MS,
    firstMs: FIRST_MS,
    pauseMs: PAUSE_MS,
    async work() {
      const before = deps.clock.now() - SIGNALS_KEPT_MS;
      return (await deps.store.change((tx) => tx.signals.prune(before, STEP_ROWS))) > 0;
    },
  });
}
