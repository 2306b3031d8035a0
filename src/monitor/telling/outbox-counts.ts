/** What is owed to receivers, in numbers, for whoever operates it. */
import type { Deps } from '#monitor/deps.ts';

export interface OutboxCounts {
  /** When it was counted, ms UTC. */
  readonly at: number;
  readonly pending: number;
  readonly dead: number;
  /** Receivers that take nothing. */
  readonly broken: number;
  /** When the oldest that is due was due; null when none is. */
  readonly oldestDueAt: number | null;
}

/** Throws Problem `store_unavailable`. */
export function countOutbox({
  store,
  clock,
}: Pick<Deps, 'store' | 'clock'>): Promise<OutboxCounts> {
  const at = clock.now();
  return store.scan(async (view) => {
    const { pending, dead } = await view.outbox.countsByState();
    const receivers = await view.receivers.all();
    return {
      at,
      pending,
      dead,
      broken: receivers.filter(({ brokenAt }) => brokenAt !== null).length,
      oldestDueAt: await view.outbox.oldestDueAt(at),
    };
  });
}
