/**
 * Gathers good reads that changed nothing and writes them in groups: at most five commits a second, however
 * large the fleet. While the store is away they are kept as long as their leases live; what is lost then
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
  /** For who is told of it: the channel's name, whom it asks, and its messaging verdict. */
  readonly name: string;
  readonly upstream: UpstreamKind;
  readonly messaging: Status;
}

/** Hears of each group after its commit: the reads, and the ids of those that count. */
type Written = (reads: readonly Gathered[], ids: ReadonlySet<ChannelId>) => void;

export class UnchangedWriter {
  readonly #deps: Deps;
  readonly #written: Written;
  #gathered: Gathered[] = [];
  /** Settles when all that is gathered by now is written, or can be no more. */
  #round = Promise.withResolvers<void>();
  #timer: Timer | null = null;
  #isHurried = false;
  #writing = false;

  constructor(deps: Deps, written: Written) {
    this.#deps = deps;
    this.#written = written;
  }

  /** Resolves when the read is written, or can be no more. */
  add(read: Gathered): Promise<void> {
    const { promise } = this.#round;
    this.#gathered.push(read);
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
    const round = this.#round;
    let isAway = false;
    while (this.#gathered.length > 0 && !isAway) isAway = !(await this.#writeSome());
    this.#writing = false;
    if (isAway && this.#gathered.length > 0) this.#arm(RETRY_MS);
    else {
      this.#round = Promise.withResolvers();
      round.resolve();
    }
  }

  /** One group. False when the store is away: then what can still be written is kept. */
  async #writeSome(): Promise<boolean> {
    const { store, clock, events } = this.#deps;
    const reads = this.#gathered.slice(0, ROWS_MAX);
    try {
      const ids = await store.change((tx) => tx.schedule.writeUnchanged(reads));
      this.#gathered.splice(0, reads.length);
      this.#written(reads, ids);
      return true;
    } catch (error) {
      const now = clock.now();
      const isAway = error instanceof Problem && error.code === 'store_unavailable';
      if (isAway) this.#gathered = this.#gathered.filter(({ leaseUntil }) => now < leaseUntil);
      else {
        this.#gathered.splice(0, reads.length);
        events.emit('background_failed', { what: 'writing what checks saw', error });
      }
      return !isAway;
    }
  }
}
