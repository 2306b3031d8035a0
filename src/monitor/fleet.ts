/**
 * The fleet in numbers, for whoever operates it: counted a page at a time beside all other work, and no
 * more often than it is worth.
 */
import type { ChannelId } from '#domain/id.ts';
import type { FleetGroup } from '#ports/fleet.ts';
import { BudgetTally } from './budget-tally.ts';
import type { BudgetCounts } from './budget-tally.ts';
import type { Deps } from './deps.ts';

const PAGE = 500;
/** Counting takes a twentieth of the time at most; what was counted is kept no shorter and no longer. */
const REST_PER_WORK = 20;
const KEEP_MS = { min: 1_000, max: 15_000 } as const;

export interface FleetCounts {
  /** When it was counted, ms UTC. */
  readonly at: number;
  readonly groups: readonly FleetGroup[];
  readonly budgets: BudgetCounts;
  /** When the channel that waits longest was due, or the next one is; null when none is scheduled. */
  readonly nextDueAt: number | null;
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
    const pageAfter = (after: ChannelId | null) =>
      this.#deps.store.read((view) => view.fleet.tally({ now, after, limit: PAGE }));
    const merged = new Map<string, FleetGroup>();
    let page = await pageAfter(null);
    for (;;) {
      for (const group of page.groups) addTo(merged, group);
      if (page.next === null) return [...merged.values()];
      await this.#letOthersWork();
      page = await pageAfter(page.next);
    }
  }

  async #budgets(now: number): Promise<BudgetCounts> {
    const pageAfter = (after: string | null) =>
      this.#deps.store.read((view) => view.budgets.list({ after, limit: PAGE }));
    const tally = new BudgetTally(now);
    let page = await pageAfter(null);
    for (;;) {
      for (const budget of page) tally.add(budget);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return tally.counts();
      await this.#letOthersWork();
      page = await pageAfter(last.bucket);
    }
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
