/** A store whose every transaction is told to somebody, with how long it took and whether it ended well. */
import type { TransactionSeen } from '#http/metrics/process-metrics.ts';
import type { Clock } from '#ports/clock.ts';
import type { Store } from '#ports/store.ts';

export function measuredStore<S extends Store>(
  store: S,
  { clock, tell }: { readonly clock: Clock; readonly tell: (seen: TransactionSeen) => void },
): S {
  async function measured<T>(kind: TransactionSeen['kind'], run: () => Promise<T>): Promise<T> {
    const began = clock.now();
    let isDone = false;
    try {
      const result = await run();
      isDone = true;
      return result;
    } finally {
      tell({ kind, tookMs: Math.max(0, clock.now() - began), isDone });
    }
  }

  return {
    ...store,
    read: (work) => measured('read', () => store.read(work)),
    scan: (work) => measured('scan', () => store.scan(work)),
    change: (work) => measured('change', () => store.change(work)),
  };
}
