/** How often something may be done per key in a window of time. */
import { BoundedMap } from './bounded-map.ts';

interface Window {
  readonly endsAt: number;
  count: number;
}

interface Limits {
  readonly times: number;
  readonly windowMs: number;
  /** When more keys are in use, the window begun longest ago is forgotten. */
  readonly keysMax: number;
}

/** `times` uses per key in each window, which begins with its first use. */
export class Budget {
  readonly #limits: Limits;
  readonly #windows: BoundedMap<string, Window>;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#windows = new BoundedMap(limits.keysMax);
  }

  /** Uses it once at `now`: 0 when that was allowed, else how long to wait, in ms. */
  take(key: string, now: number): number {
    const window = this.#windows.get(key);
    if (window === undefined || now >= window.endsAt) {
      this.#windows.set(key, { endsAt: now + this.#limits.windowMs, count: 1 });
      return 0;
    }
    if (window.count >= this.#limits.times) return window.endsAt - now;
    window.count += 1;
    return 0;
  }
}
