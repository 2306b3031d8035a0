/** How reads end, shared by all programs on one store: what decides whether an upstream is in trouble. */
import type { UpstreamKind } from '#domain/billing.ts';

/** The reads of one program in one slice of time. A subject is a WABA, or a credential where none is known. */
export interface Tally {
  readonly upstream: UpstreamKind;
  /** When the slice began, ms UTC. */
  readonly sliceAt: number;
  readonly program: string;
  readonly reads: number;
  /** Those that ended as `upstream_error`, `unreachable` or `timeout`. */
  readonly failed: number;
  /** Of these, those that reached nobody. */
  readonly unreachable: number;
  readonly subjects: number;
  readonly failedSubjects: number;
}

export interface TalliesView {
  /** Of all programs, from slices that began at `since` or later. */
  since(since: number): Promise<readonly Tally[]>;
}

export interface TalliesChange extends TalliesView {
  /** Replaces a program's tallies of the same slices, and drops what began before `keepSince`. */
  put(tallies: readonly Tally[], keepSince: number): Promise<void>;
}
