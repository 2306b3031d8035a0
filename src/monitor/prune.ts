/**
 * Forgets what is older than its retention, a few rows at a time: transitions that a newer one of their
 * series has followed, the bodies that only they named, and incidents and channels that ended that long ago.
 */
import type { Deps } from './deps.ts';
import { eraseChannel } from './remove-channel.ts';
import type { Repeated } from './repeat.ts';
import { repeat } from './repeat.ts';

/** What one transaction looks at. A step holds up other changes for a few milliseconds. */
const STEP_ROWS = 200;
const PAUSE_MS = 100;
/** A day more or less makes no difference to history that is kept for months. */
const EVERY_MS = 6 * 3_600_000;
/** After a start: soon, as a server may be restarted more often than that, but not among all that begins. */
const FIRST_MS = 300_000;

export type PruningDeps = Pick<Deps, 'store' | 'clock' | 'events' | 'ids' | 'randomness'>;

/** Prunes soon after the start and then every few hours; of history, what is younger than `historyMs` always stays. */
export function startPruning(
  deps: PruningDeps,
  { historyMs }: { readonly historyMs: number },
): Repeated {
  let work: Work = { what: 'history', after: null };
  return repeat(deps, {
    what: 'pruning history',
    everyMs: EVERY_MS,
    firstMs: FIRST_MS,
    pauseMs: PAUSE_MS,
    async work() {
      const before = deps.clock.now() - historyMs;
      const next = await pruneStep(deps, work, before);
      work = next ?? { what: 'history', after: null };
      return next !== null;
    },
  });
}

/** Where a round is: first in the history of all, then among incidents, then among the channels that were removed. */
type Work =
  | { readonly what: 'history'; readonly after: string | null }
  | { readonly what: 'incidents' }
  | { readonly what: 'removed' };

/** One step, in one transaction. Gives the next one; null when the round is done. */
async function pruneStep(deps: PruningDeps, work: Work, before: number): Promise<Work | null> {
  return deps.store.change(async (tx) => {
    if (work.what === 'history') {
      const { after } = work;
      const { next } = await tx.history.prune({ before, after, limit: STEP_ROWS });
      return next === null ? { what: 'incidents' } : { what: 'history', after: next };
    }
    if (work.what === 'incidents') {
      const erased = await tx.incidents.prune({ before, limit: STEP_ROWS });
      return { what: erased === 0 ? 'removed' : 'incidents' };
    }
    const [channel] = await tx.channels.archivedBefore(before, 1);
    if (channel === undefined) return null;
    const erased = await tx.history.eraseOf(channel.id, STEP_ROWS);
    if (erased < STEP_ROWS) await eraseChannel(tx, deps, channel);
    return { what: 'removed' };
  });
}
