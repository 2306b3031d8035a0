/** A store as its engine opens it. */
import type { Clock } from '#ports/clock.ts';
import type { Maintenance } from '#ports/maintenance.ts';
import type { Store } from '#ports/store.ts';

export interface OpenedStore extends Store {
  /** The id of this installation, made at its first start. */
  readonly instanceId: string;
  /** The clock by which everything that this store holds is dated. */
  readonly clock: Clock;
  readonly maintenance: Maintenance;
  /** A key of 32 bytes for one purpose: the same in every program on this store, stored nowhere. */
  deriveKey(label: string): Uint8Array;
}
