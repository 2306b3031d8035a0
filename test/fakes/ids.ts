/** Ids that count from `after`: the same in each run, in the order in which they were made. */
import type { Id, IdPrefix } from '#domain/id.ts';
import type { Ids } from '#ports/ids.ts';

export function createFakeIds(after: number = 0): Ids {
  let made = after;
  return {
    next<P extends IdPrefix>(prefix: P): Id<P> {
      made += 1;
      return `${prefix}_${String(made).padStart(26, '0')}`;
    },
  };
}
