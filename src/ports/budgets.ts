/**
 * How many questions may be asked, shared by all programs on one store. A bucket is what an upstream
 * counts by: an app and a WABA on Graph (docs/meta.md §4.1), or what we know instead of them.
 */
export interface Budget {
  readonly bucket: string;
  /** Questions an hour that the upstream allows, as it stood when some were taken last. */
  readonly perHour: number;
  /** False for an account without a number in use, which is allowed far less; true until that is known. */
  readonly isActive: boolean;
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

/** What can be learned about a bucket. */
export type BudgetFacts = Partial<Omit<Budget, 'bucket'>>;

/** A wish for questions: `scheduled` ones leave a fifth of the budget to those that people ask for. */
export interface BudgetWish {
  readonly bucket: string;
  readonly use: 'scheduled' | 'asked';
  readonly count: number;
}

export interface BudgetGrant {
  readonly granted: number;
  /** When there is room for one more than was granted, ms UTC. */
  readonly againAt: number;
  /** How long one question fills the budget, in ms: so far apart are those that follow. */
  readonly everyMs: number;
}

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
   * was wished. `perHour` is what an account in use is allowed; one that is not gets what Meta allows those.
   */
  take(
    wishes: readonly (BudgetWish & { readonly perHour: number })[],
    now: number,
  ): Promise<readonly BudgetGrant[]>;
  /**
   * What an upstream reported, or what was learned: only the fields that are given change. A hold or closure
   * is never shortened.
   */
  learn(bucket: string, facts: BudgetFacts): Promise<void>;
  /** Forgets buckets (at most 500) that no channel is read from any more. */
  drop(buckets: readonly string[]): Promise<void>;
}
