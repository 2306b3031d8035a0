/** Channels that spoiled a batch: they are read singly until ten good reads have shown them harmless. */
import type { ChannelId } from '#domain/id.ts';
import { BoundedMap } from '#monitor/bounded-map.ts';

const GOOD_READS = 10;
const SPOILERS_MAX = 10_000;

export class Spoilers {
  readonly #left = new BoundedMap<ChannelId, number>(SPOILERS_MAX);

  has(id: ChannelId): boolean {
    return this.#left.get(id) !== undefined;
  }

  add(id: ChannelId): void {
    this.#left.set(id, GOOD_READS);
  }

  /** A read of one that is read singly has ended; harmless is whatever could not spoil a batch. */
  note(id: ChannelId, isHarmless: boolean): void {
    const left = this.#left.get(id);
    if (left === undefined) return;
    if (!isHarmless) this.#left.set(id, GOOD_READS);
    else if (left > 1) this.#left.set(id, left - 1);
    else this.#left.delete(id);
  }
}
