/**
 * Gathers good reads that changed nothing and writes them in groups: at most five commits a second, and one
 * more for each full group of 500. While the store is away they are kept as long as their leases live; what is lost then
 * is read again, and said nothing new.
 */
import type { UpstreamKind } from '#domain/billing.ts';
import type { ChannelId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Status } from '#domain/status.ts';
import type { Deps } from '#monitor/deps.ts';
import type { Timer } from '#ports/clock.ts';
import type { UnchangedRead } from '#ports/schedule.ts';

const ROWS_MAX = 500;
/** How long after a write that failed the next one is tried. */
const RETRY_MS = 1_000;

export interface Gathered extends UnchangedRead {
  /** When its lease ends, ms UTC: after that somebody else may have read it anew. */
  readonly leaseUntil: number;
  /** SHA-256 of the body that it repeats. */
  readonly bodyHash: string;
  /** For who is told of it: the channel's name, whom it asks, and its messaging verdict. */
  readonly name: string;
  readonly upstream: UpstreamKind;
  readonly messaging: Status;
}

/** Hears of each read that was written, after its commit. */
type Written = (read: Gathered) => void;

interface Waiting {
  readonly read: Gathered;
  readonly end: (isWritten: boolean) => void;
}

export class UnchangedWriter {
  readonly #deps: Deps;
  readonly #written: Written;
  #gathered: Waiting[] = [];
  #timer: Timer | null = null;
  #isHurried = false;
  #writing = false;

  constructor(deps: Deps, written: Written) {
    this.#deps = deps;
    this.#written = written;
  }

  /**
   * Resolves with true when the read is written, with false when it cannot be: what it repeats is no longer
   * what stands there, or the store stayed away.
   */
  add(read: Gathered): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#gathered.push({ read, end: resolve });
    if (this.#isHurried) this.#writeNow();
    else this.#arm(this.#deps.policy.gatherMs);
    return promise;
  }

  /** From now on nothing is gathered: each read is written at once. */
  hurry(): void {
    this.#isHurried = true;
    this.#timer?.cancel();
    this.#timer = null;
    this.#writeNow();
  }

  #writeNow(): void {
    if (!this.#writing && this.#gathered.length > 0) void this.#write();
  }

  #arm(delayMs: number): void {
    if (this.#writing) return;
    this.#timer ??= this.#deps.clock.after(delayMs, () => {
      this.#timer = null;
      void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#writing = true;
    let isDone = await this.#writeSome();
    // What came meanwhile is gathered again, unless that makes a full group, or no more is to come.
    const isMore = () => this.#gathered.length >= (this.#isHurried ? 1 : ROWS_MAX);
    while (isDone && isMore()) isDone = await this.#writeSome();
    this.#writing = false;
    if (this.#gathered.length > 0) this.#arm(isDone ? this.#deps.policy.gatherMs : RETRY_MS);
  }

  /** One group. False when the store is away: then what can still be written is kept. */
  async #writeSome(): Promise<boolean> {
    const { store, clock, events } = this.#deps;
    const some = this.#gathered.slice(0, ROWS_MAX);
    const reads = some.map(({ read }) => read);
    try {
      const ids = await store.change((tx) => tx.schedule.writeUnchanged(reads));
      this.#gathered.splice(0, some.length);
      this.#end(some, ids);
      return true;
    } catch (error) {
      const now = clock.now();
      const isAway = error instanceof Problem && error.code === 'store_unavailable';
      if (!isAway) events.emit('background_failed', { what: 'writing what checks saw', error });
      const isKept = ({ read }: Waiting, at: number) =>
        isAway ? now < read.leaseUntil : at >= some.length;
      const lost = this.#gathered.filter((one, at) => !isKept(one, at));
      this.#gathered = this.#gathered.filter(isKept);
      this.#end(lost, new Set());
      return !isAway;
    }
  }

  #end(some: readonly Waiting[], ids: ReadonlySet<ChannelId>): void {
    for (const { read, end } of some) {
      const isWritten = ids.has(read.id);
      if (isWritten) this.#written(read);
      end(isWritten);
    }
  }
}
