/** How often what was asked: so that a test can assert "one upstream read". */
export interface Counts {
  /** HTTP requests to Graph and 360dialog, and how many are unanswered now and were at most. */
  readonly requests: number;
  readonly open: number;
  readonly openMax: number;
  /** Node reads: a batch of 50 is one request and 50 reads. */
  readonly reads: number;
  readonly batches: number;
  readonly items: number;
  readonly faults: number;
  readonly routes: Readonly<Record<string, number>>;
  /** Reads by node id and by 360dialog key; of the largest, when there are many. */
  readonly nodes: Readonly<Record<string, number>>;
  readonly keys: Readonly<Record<string, number>>;
}

/** How many nodes and keys a listing names, and how many are counted singly at all. */
const LISTED_MAX = 1_000;
const COUNTED_MAX = 2_000_000;

export class Counters {
  #requests = 0;
  #open = 0;
  #openMax = 0;
  #reads = 0;
  #batches = 0;
  #items = 0;
  #faults = 0;
  readonly #routes = new Map<string, number>();
  readonly #nodes = new Map<string, number>();
  readonly #keys = new Map<string, number>();

  begin(): void {
    this.#requests += 1;
    this.#open += 1;
    this.#openMax = Math.max(this.#openMax, this.#open);
  }

  end(): void {
    this.#open -= 1;
  }

  route(name: string): void {
    add(this.#routes, name);
  }

  /** A read of a node, whatever came of it. */
  read(nodeId: string): void {
    this.#reads += 1;
    add(this.#nodes, nodeId);
  }

  key(text: string): void {
    add(this.#keys, text);
  }

  batch(items: number): void {
    this.#batches += 1;
    this.#items += items;
  }

  fault(): void {
    this.#faults += 1;
  }

  readsOfNode(id: string): number {
    return this.#nodes.get(id) ?? 0;
  }

  readsOfKey(text: string): number {
    return this.#keys.get(text) ?? 0;
  }

  counts(): Counts {
    return {
      requests: this.#requests,
      open: this.#open,
      openMax: this.#openMax,
      reads: this.#reads,
      batches: this.#batches,
      items: this.#items,
      faults: this.#faults,
      routes: Object.fromEntries(this.#routes),
      nodes: largest(this.#nodes),
      keys: largest(this.#keys),
    };
  }

  /** Back to zero; requests under way stay counted as open. */
  reset(): void {
    this.#requests = this.#reads = this.#batches = this.#items = this.#faults = 0;
    this.#openMax = this.#open;
    for (const counts of [this.#routes, this.#nodes, this.#keys]) counts.clear();
  }
}

function add(counts: Map<string, number>, key: string): void {
  const before = counts.get(key);
  if (before === undefined && counts.size >= COUNTED_MAX) return;
  counts.set(key, (before ?? 0) + 1);
}

function largest(counts: ReadonlyMap<string, number>): Record<string, number> {
  if (counts.size <= LISTED_MAX) return Object.fromEntries(counts);
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  return Object.fromEntries(sorted.slice(0, LISTED_MAX));
}
