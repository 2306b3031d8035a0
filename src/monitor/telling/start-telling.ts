/** All that the role `deliver` does: sending what is owed, and what the passing of time makes tellable. */
import type { Repeated } from '#monitor/repeat.ts';
import type { DeliverMeans } from './deliver-means.ts';
import { startDelivering } from './deliver.ts';
import { startTellingRounds } from './rounds.ts';

export interface Telling extends Repeated {
  /** Something became due just now: it is looked for at once. */
  wake(): void;
}

/** Begins at once. Closing begins nothing more, and waits a moment for what is being sent. */
export function startTelling(means: DeliverMeans): Telling {
  const delivering = startDelivering(means);
  const rounds = startTellingRounds(means.deps);
  return {
    wake: () => delivering.wake(),
    async close() {
      await Promise.all([delivering.close(), rounds.close()]);
    },
  };
}
