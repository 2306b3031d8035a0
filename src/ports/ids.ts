/** Ids and randomness, as ports. */
import type { Id, IdPrefix } from '#domain/id.ts';

export interface Ids {
  /** A new id, later than all earlier ones in sort order within this process. */
  next<P extends IdPrefix>(prefix: P): Id<P>;
}

export interface Randomness {
  /** `count` random bytes, fit for secrets. */
  bytes(count: number): Uint8Array;
}
