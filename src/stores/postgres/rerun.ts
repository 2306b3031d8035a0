/** Changes that met each other: whoever had to give way runs again from the start. */
import { Problem } from '#domain/problem.ts';
import type { Store } from '#ports/store.ts';
import { CollisionError } from './engine-error.ts';

/** Each time somebody got through, so more than this is a crowd that waiting would not disperse. */
const RUNS_MAX = 5;

/** `store.change`, with a change that met another run again, five times in all. */
export function rerunningChange(store: Pick<Store, 'change'>): Store['change'] {
  return async (work) => {
    for (let runs = 1; ; runs += 1) {
      try {
        return await store.change(work);
      } catch (error) {
        if (!(error instanceof CollisionError)) throw error;
        if (runs >= RUNS_MAX) throw crowded(error);
      }
    }
  };
}

/** A reference that never holds is a mistake of ours, not a matter of who came first. */
function crowded({ cause }: CollisionError): unknown {
  if (cause instanceof Error && 'code' in cause && cause.code === '23503') return cause;
  const message = `Other changes came in between ${RUNS_MAX} times in a row; try again.`;
  return new Problem('store_unavailable', message, { cause });
}
