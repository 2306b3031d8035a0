/**
 * The fleet in numbers, for whoever operates it: counted a page at a time beside all other work, and no
 * more often than it is worth.
 */
import type { ChannelId } from '#domain/id.ts';
import type { Budget } from '#ports/budgets.ts';
import type { FleetGroup } from '#ports/fleet.ts';
import type { Deps } from './deps.ts';

const PAGE = 500;
/** Counting takes a twentieth of the time at most; what was counted is kept no shorter and no longer. */
const REST_PER_WORK = 20;
const KEEP_MS = { min: 1_000, max: 15_000 } as const;
/** Budgets that are named one by one. */
const NEEDIEST_MAX = 10;

export interface FleetCounts {
  /** When it was counted, ms UTC. */
  readonly at: number;
  readonly groups: readonly FleetGroup[];
  readonly budgets: BudgetCounts;
  /** When the channel that waits longest was due, or the next one is; null when none is scheduled. */
  readonly nextDueAt: number | null;
}

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

export class Fleet {
  readonly #deps: Pick<Deps, 'store' | 'clock'>;
  #counted: { readonly counts: FleetCounts; readonly until: number } | null = null;
  #counting: Promise<FleetCounts> | null = null;

  constructor(deps: Pick<Deps, 'store' | 'clock'>) {
    this.#deps = deps;
  }

  /** The numbers, at most 15 s old. Throws Problem `store_unavailable`. */
  counts(): Promise<FleetCounts> {
    const now = this.#deps.clock.now();
    const known = this.#counted;
    if (known !== null && now >= known.counts.at && now < known.until) {
      return Promise.resolve(known.counts);
    }
    this.#counting ??= this.#count().finally(() => (this.#counting = null));
    return this.#counting;
  }

  async #count(): Promise<FleetCounts> {
    const { clock, store } = this.#deps;
    const at = clock.now();
    const groups = await this.#groups(at);
    const budgets = await this.#budgets(at);
    const nextDueAt = await store.read((view) => view.schedule.nextDueAt());
    const counts = { at, groups, budgets, nextDueAt };
    const done = clock.now();
    const rest = (done - at) * REST_PER_WORK;
    const keepMs = Math.min(Math.max(rest, KEEP_MS.min), KEEP_MS.max);
    this.#counted = { counts, until: done + keepMs };
    return counts;
  }

  async #groups(now: number): Promise<readonly FleetGroup[]> {
    const merged = new Map<string, FleetGroup>();
    let after: ChannelId | null = null;
    do {
      const from: ChannelId | null = after;
      const page = await this.#deps.store.read((view) =>
        view.fleet.tally({ now, after: from, limit: PAGE }),
      );
      for (const group of page.groups) addTo(merged, group);
      after = page.next;
      if (after !== null) await this.#letOthersWork();
    } while (after !== null);
    return [...merged.values()];
  }

  async #budgets(now: number): Promise<BudgetCounts> {
    const tally = new BudgetTally(now);
    let after: string | null = null;
    do {
      const from: string | null = after;
      const page = await this.#deps.store.read((view) =>
        view.budgets.list({ after: from, limit: PAGE }),
      );
      for (const budget of page) tally.add(budget);
      after = page.length < PAGE ? null : (page.at(-1)?.bucket ?? null);
      if (after !== null) await this.#letOthersWork();
    } while (after !== null);
    return tally.counts();
  }

  /** An embedded store answers without giving way: requests get their turn between two pages. */
  #letOthersWork(): Promise<void> {
    return new Promise((resolve) => void this.#deps.clock.after(0, resolve));
  }
}

function addTo(merged: Map<string, FleetGroup>, group: FleetGroup): void {
  const { upstream, isPaused, status, reason, cause } = group;
  const key = JSON.stringify([upstream, isPaused, status, reason, cause]);
  const known = merged.get(key);
  merged.set(key, known === undefined ? group : sumOf(known, group));
}

function sumOf(one: FleetGroup, other: FleetGroup): FleetGroup {
  const oldest = [one.oldestReadAt, other.oldestReadAt].filter((at) => at !== null);
  return {
    ...one,
    channels: one.channels + other.channels,
    oldestReadAt: oldest.length === 0 ? null : Math.min(...oldest),
  };
}

class BudgetTally {
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
    if (closedUntil > this.#now) return Infinity;
    return heldUntil > this.#now ? Number.MAX_VALUE : stretch;
  }
}
