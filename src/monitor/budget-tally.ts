/** All budgets together, one added after the other: how much is allowed, how much is taken, and who is in need. */
import type { Budget } from '#ports/budgets.ts';

/** Budgets that are named one by one. */
const NEEDIEST_MAX = 10;
/** Beyond any stretch. */
const NEED = { closed: 2_000_000, held: 1_000_000 } as const;

export interface BudgetCounts {
  readonly buckets: number;
  /** Those whose channels are read less often than they should; whose scheduled reads wait; that are closed. */
  readonly stretched: number;
  readonly held: number;
  readonly closed: number;
  readonly stretchMax: number;
  /** The highest use that an upstream reported, in per cent; null before any did. */
  readonly percentMax: number | null;
  /** Reads an hour that upstreams allow, and that the fleet takes of them as it is stretched. */
  readonly allowedPerHour: number;
  readonly takenPerHour: number;
  /** Those most in need: closed or held ones first, then by how much they are stretched. */
  readonly neediest: readonly Budget[];
}

export class BudgetTally {
  readonly #now: number;
  #buckets = 0;
  #stretched = 0;
  #held = 0;
  #closed = 0;
  #stretchMax = 1;
  #percentMax: number | null = null;
  #allowed = 0;
  #taken = 0;
  #neediest: Budget[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  add(budget: Budget): void {
    const { stretch, percent, perHour, neededPerHour } = budget;
    this.#buckets += 1;
    this.#allowed += perHour;
    this.#taken += neededPerHour / stretch;
    if (stretch > 1) this.#stretched += 1;
    if (budget.heldUntil > this.#now) this.#held += 1;
    if (budget.closedUntil > this.#now) this.#closed += 1;
    this.#stretchMax = Math.max(this.#stretchMax, stretch);
    if (percent !== null) this.#percentMax = Math.max(this.#percentMax ?? 0, percent);
    if (this.#needOf(budget) > 1) this.#keep(budget);
  }

  counts(): BudgetCounts {
    return {
      buckets: this.#buckets,
      stretched: this.#stretched,
      held: this.#held,
      closed: this.#closed,
      stretchMax: this.#stretchMax,
      percentMax: this.#percentMax,
      allowedPerHour: this.#allowed,
      takenPerHour: this.#taken,
      neediest: this.#neediest,
    };
  }

  #keep(budget: Budget): void {
    this.#neediest.push(budget);
    this.#neediest.sort((one, other) => this.#needOf(other) - this.#needOf(one));
    this.#neediest.length = Math.min(this.#neediest.length, NEEDIEST_MAX);
  }

  /** 1 for a budget that suffices. */
  #needOf({ closedUntil, heldUntil, stretch }: Budget): number {
    if (closedUntil > this.#now) return NEED.closed;
    return heldUntil > this.#now ? NEED.held : stretch;
  }
}
