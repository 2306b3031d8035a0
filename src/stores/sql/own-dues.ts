/**
 * Deliveries that this program itself makes due, told to it once they are committed: other programs hear of them
 * through the engine, which tells nobody what he did himself.
 */
import type { Notice, Store } from '#ports/store.ts';
import type { Engine } from './engine.ts';

type Hear = Parameters<Store['follow']>[0];

export interface OwnDues {
  readonly follow: Store['follow'];
  /** Runs a change with an engine that notes what becomes due, and tells of it when the change is committed. */
  telling<T>(change: (noting: Engine) => Promise<T>): Promise<T>;
}

export function createOwnDues(engine: Engine): OwnDues {
  const hearers: Hear[] = [];
  return {
    follow: (hear) => void hearers.push(hear),
    async telling(change) {
      let due: Notice | null = null;
      const noting: Engine = {
        ...engine,
        announce(db, notice) {
          if (notice.noun === 'delivery') due = notice;
          return engine.announce(db, notice);
        },
      };
      const result = await change(noting);
      if (due !== null) for (const hear of hearers) hear(due);
      return result;
    },
  };
}
