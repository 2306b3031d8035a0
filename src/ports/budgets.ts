/**
 * How many questions may be asked, shared by all programs on one store. A bucket is what an upstream
 * counts by: an app and a WABA on Graph (docs/meta.md §4.1), or what we know instead of them.
 */
export interface Budget {
  readonly bucket: string;
  /** Questions an hour that the upstream allows, as far as we know. */
  readonly perHour: number;
  /** The use that the upstream reported last, in per cent; null before it reported any. */
  readonly percent: number | null;
  readonly reportedAt: number | null;
  /** Until when scheduled reads wait, and until when all reads do; ms UTC, 0 for neither. */
  readonly heldUntil: number;
  readonly closedUntil: number;
  /** By how much the intervals of its channels are stretched; 1 when they fit. */
  readonly stretch: number;
  /** Reads an hour that its channels would need at their own intervals. */
  readonly neededPerHour: number;
}

/** A wish for questions: `scheduled` ones leave a fifth of the budget to those that people ask for. */
export interface BudgetWish {
  readonly bucket: string;
  readonly use: 'scheduled' | 'asked';
  readonly count: number;
}

export type BudgetGrant =
  | { readonly granted: number; readonly againAt: null }
  /** Nothing now; `againAt` says when to ask again, ms UTC. */
  | { readonly granted: 0; readonly againAt: number };

export interface BudgetsView {
  find(bucket: string): Promise<Budget | null>;
  /** Those of these buckets (at most 500) that are known. */
  findMany(buckets: readonly string[]): Promise<readonly Budget[]>;
  /** In the order of buckets; `after` is the last bucket of the page before. */
  list(page: { readonly after: string | null; readonly limit: number }): Promise<readonly Budget[]>;
}

export interface BudgetsChange extends BudgetsView {
  /**
   * Takes from several buckets at once (at most 500 wishes, no two alike), each as much as it has up to what
   * was wished. A bucket that is new begins with `perHour` as given here.
   */
  take(
    wishes: readonly (BudgetWish & { readonly perHour: number })[],
    now: number,
  ): Promise<readonly BudgetGrant[]>;
  /** What an upstream reported, or what was learned: only the fields that are given change. */
  learn(bucket: string, facts: Partial<Omit<Budget, 'bucket'>>): Promise<void>;
}
