/** The tables of what upstreams allow and how asking them went, as Kysely sees them. */
import type { UpstreamKind } from '#domain/billing.ts';

export interface BudgetsTable {
  bucket: string;
  per_hour: number;
  /** 0 for an account that Meta allows less, because no number of it is in use. */
  is_active: number;
  /** Until when what was taken fills the time, for each use: the further ahead, the less is left. */
  scheduled_until: number;
  asked_until: number;
  percent: number | null;
  reported_at: number | null;
  held_until: number;
  closed_until: number;
  stretch_permille: number;
  needed_per_hour: number;
}

/** How reads of an upstream ended, per program and slice of time: what the breaker sees. */
export interface UpstreamTalliesTable {
  upstream: UpstreamKind;
  slice_at: number;
  program: string;
  reads: number;
  failed: number;
  subjects: number;
  failed_subjects: number;
  /** Of the failed ones, those that reached nobody. */
  unreachable: number;
}
