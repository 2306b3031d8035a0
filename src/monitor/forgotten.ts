/**
 * What was forgotten since when: whoever reads from the store takes a mark first, and learns afterwards
 * whether what was read may be out of date.
 */
import type { ChannelId, CredentialId } from '#domain/id.ts';

type Ref = ChannelId | CredentialId;

export class Forgotten {
  readonly #max: number;
  /** When each was last forgotten, counted in forgets; the one forgotten longest ago first. */
  readonly #at = new Map<Ref, number>();
  #count = 0;
  /** Of one that is not among `#at`, it is known only that it was not forgotten after this. */
  #floor = 0;

  /** Remembers `max` of them one by one; of any other it is taken to be forgotten as long ago as that. */
  constructor(max: number) {
    this.#max = max;
  }

  mark(): number {
    return this.#count;
  }

  add(id: Ref): void {
    this.#count += 1;
    this.#at.delete(id);
    this.#at.set(id, this.#count);
    if (this.#at.size <= this.#max) return;
    for (const [oldest, at] of this.#at) {
      this.#at.delete(oldest);
      this.#floor = at;
      return;
    }
  }

  /** True also where that is no longer known. */
  isSince(id: Ref, mark: number): boolean {
    return (this.#at.get(id) ?? this.#floor) > mark;
  }
}
