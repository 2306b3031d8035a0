/** Who guesses keys is slowed down. A valid key is never refused, wherever it comes from. */
import { Budget } from '#monitor/budget.ts';
import type { Clock } from '#ports/clock.ts';

const BAD_KEYS_MAX = 30;
const WINDOW_MS = 60_000;
const ADDRESSES_MAX = 10_000;

export class BadKeys {
  readonly #clock: Clock;
  readonly #budget = new Budget({
    times: BAD_KEYS_MAX,
    windowMs: WINDOW_MS,
    keysMax: ADDRESSES_MAX,
  });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one: 0 while there were not too many from there, else how long to wait, in ms. */
  count(address: string | undefined): number {
    return this.#budget.take(networkOf(address ?? ''), this.#clock.now());
  }
}

/** An IPv4 address, or the /64 that one IPv6 client has to itself. */
export function networkOf(address: string): string {
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice(7);
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::', 2) ?? [];
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length;
    while (groups.length < 8 - after) groups.push('0');
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}
