/** The faults in force: which of them strike a request, and for how long. */
import type { FaultKind, FaultLevel, WrongTypePlace } from './fault-kinds.ts';

/** Which requests a fault strikes: those that fit everything that is given. */
export interface FaultMatch {
  readonly upstream?: 'graph' | 'dialog360';
  readonly route?: string;
  /** Ids; a batch fits when one of its items does. */
  readonly node?: string;
  readonly waba?: string;
  /** A Graph token, or a 360dialog key. */
  readonly token?: string;
  readonly key?: string;
}

export interface FaultSpec {
  readonly id: string;
  readonly kind: FaultKind;
  readonly level: FaultLevel;
  readonly match: FaultMatch;
  /** The share of fitting requests that it strikes, by a seeded draw; 1 for all. */
  readonly share: number;
  /** How many more it strikes before it ends by itself; null for no end. */
  readonly next: number | null;
  readonly ms: number;
  readonly status: number | null;
  readonly code: number;
  readonly subcode: number | null;
  /** `{token}` and `{key}` in it stand for the secret with which was asked. */
  readonly message: string | null;
  readonly transient: boolean | null;
  readonly body: string;
  readonly bytes: number;
  readonly depth: number;
  readonly digits: number;
  readonly word: string;
  readonly what: WrongTypePlace;
  readonly after: 'nothing' | 'half';
  readonly headers: Readonly<Record<string, string>>;
}

/** What is asked, as far as faults look at it. */
export interface Subject {
  readonly upstream: 'graph' | 'dialog360';
  readonly route: string;
  readonly nodes: readonly string[];
  readonly wabas: readonly string[];
  /** The Graph tokens in play (a batch can have many), or the 360dialog key. */
  readonly tokens: readonly string[];
  readonly key: string | null;
}

interface Entry {
  readonly spec: FaultSpec;
  readonly draw: () => number;
  left: number;
  struck: number;
}

export interface ListedFault extends FaultSpec {
  readonly struck: number;
}

export class Faults {
  readonly #entries = new Map<string, Entry>();
  readonly #seed: number;
  #made = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Whether there is nothing to look at: the fast path of every request. */
  get none(): boolean {
    return this.#entries.size === 0;
  }

  nextId(): string {
    return `f${this.#made + 1}`;
  }

  /** Puts a fault in force; one with the same id is replaced. */
  add(spec: FaultSpec): void {
    this.#made += 1;
    const draw = seededDraws(this.#seed + this.#made);
    this.#entries.set(spec.id, { spec, draw, left: spec.next ?? Infinity, struck: 0 });
  }

  remove(id: string): boolean {
    return this.#entries.delete(id);
  }

  clear(): void {
    this.#entries.clear();
  }

  list(): readonly ListedFault[] {
    return [...this.#entries.values()].map(({ spec, struck }) => ({ ...spec, struck }));
  }

  /** The faults of these levels that strike this subject now; each counts as struck. */
  strike(levels: readonly FaultLevel[], subject: Subject): readonly FaultSpec[] {
    if (this.none) return [];
    const struck: FaultSpec[] = [];
    for (const entry of this.#entries.values()) {
      const { spec } = entry;
      if (!levels.includes(spec.level) || !fits(spec.match, subject)) continue;
      if (spec.share < 1 && entry.draw() >= spec.share) continue;
      entry.left -= 1;
      entry.struck += 1;
      struck.push(spec);
      if (entry.left <= 0) this.#entries.delete(spec.id);
    }
    return struck;
  }
}

function fits(match: FaultMatch, subject: Subject): boolean {
  return (
    (match.upstream === undefined || match.upstream === subject.upstream) &&
    (match.route === undefined || match.route === subject.route) &&
    (match.node === undefined || subject.nodes.includes(match.node)) &&
    (match.waba === undefined || subject.wabas.includes(match.waba)) &&
    (match.token === undefined || subject.tokens.includes(match.token)) &&
    (match.key === undefined || match.key === subject.key)
  );
}

/** A generator of numbers in [0, 1) that gives the same sequence for the same seed (mulberry32). */
function seededDraws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
