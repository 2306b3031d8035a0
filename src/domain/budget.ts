/**
 * How many questions an hour may be asked of one bucket, as arithmetic on times: what was taken fills the
 * time ahead, and a wish fits while that does not reach further than the burst allows. A rolling hour
 * then never holds more than the budget (docs/meta.md §4.1), wherever it begins.
 */
const HOUR_MS = 3_600_000;
/** How far ahead may be filled at once: three minutes' worth. */
const BURST_MS = 180_000;
/** A question that fits but for a rounding error fits. */
const ROUNDING = 1e-6;

/**
 * The parts of the budget: a fifth is kept for reads that people ask for. Together with the burst of each,
 * an hour holds (0.76 + 0.19) × (60 + 3) / 60 = 0.9975 of what is allowed.
 */
export const BUDGET_SHARES = { scheduled: 0.76, asked: 0.19 } as const;
export type BudgetUse = keyof typeof BUDGET_SHARES;

/** What an app may ask of a WABA in an hour, and of one that has no registered number (docs/meta.md §4.1). */
export const PER_HOUR = { active: 5_000, inactive: 200 } as const;

/** Of the upstream's own quota: from this reported use on, scheduled reads wait. */
export const HELD_FROM_PERCENT = 50;

/** The ms that one question fills. */
function costMs(perHour: number, use: BudgetUse): number {
  return HOUR_MS / (perHour * BUDGET_SHARES[use]);
}

export interface Taken {
  readonly granted: number;
  /** Until when the time is filled now, ms UTC. */
  readonly filledUntil: number;
  /** When there is room for one more, ms UTC. */
  readonly againAt: number;
  /** The ms that one question fills. */
  readonly everyMs: number;
}

/** Takes up to `count`, given until when the time is filled already. Pure. */
export function take(
  { perHour, filledUntil }: { readonly perHour: number; readonly filledUntil: number },
  wish: { readonly use: BudgetUse; readonly count: number; readonly now: number },
): Taken {
  const { use, count, now } = wish;
  const cost = costMs(perHour, use);
  // One question fits always in an empty bucket, however small the budget.
  const room = Math.max(BURST_MS, cost);
  // Further ahead than anything could have been filled: the clock was set back since.
  const isAhead = filledUntil > now + room + cost;
  const from = isAhead ? now : Math.max(filledUntil, now);
  const granted = Math.max(0, Math.min(count, Math.floor((now + room - from) / cost + ROUNDING)));
  const filled = from + granted * cost;
  return {
    granted,
    filledUntil: granted === 0 ? filledUntil : Math.ceil(filled),
    againAt: Math.max(Math.ceil(filled + cost - room), now),
    everyMs: cost,
  };
}

/** What a bucket may ask in an hour: an account without a number in use, or banned, far less than others. */
export function perHourOf(isActive: boolean, allowed: number): number {
  return isActive ? allowed : Math.min(PER_HOUR.inactive, allowed);
}

/** By how much intervals must be stretched so that scheduled reads fit; 1 when they do. */
export function stretchFor(perHour: number, neededPerHour: number): number {
  return Math.max(1, neededPerHour / (perHour * BUDGET_SHARES.scheduled));
}
