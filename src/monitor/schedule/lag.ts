/** How late reads begin: the time from due to claimed, over the last minute. */
import type { Clock } from '#ports/clock.ts';

const WINDOW_MS = 60_000;
/** Enough for a percentile of a hundred to be a number and not chance; the oldest make room. */
const SAMPLES_MAX = 20_000;

export class Lag {
  readonly #clock: Clock;
  readonly #samples: { readonly at: number; readonly lagMs: number }[] = [];
  #next = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(lagMs: number): void {
    const sample = { at: this.#clock.now(), lagMs: Math.max(0, lagMs) };
    this.#samples[this.#next] = sample;
    this.#next = (this.#next + 1) % SAMPLES_MAX;
  }

  /** In ms; 0 when nothing was read in the last minute. */
  percentiles(): { readonly p50: number; readonly p99: number } {
    const since = this.#clock.now() - WINDOW_MS;
    const recent = this.#samples.filter(({ at }) => at >= since).map(({ lagMs }) => lagMs);
    const sorted = Float64Array.from(recent).toSorted();
    const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
    return { p50: at(0.5), p99: at(0.99) };
  }
}
