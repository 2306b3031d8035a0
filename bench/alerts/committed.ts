/** What the program that is measured reports, and the clock that both processes share. */
import { z } from 'zod';

/** The outbox lets through so many messages to a receiver in ten minutes. */
export const PER_RECEIVER = 10;

export const COMMITTED = z.object({
  /** How long the changes took that opened the incidents, all together. */
  openingMs: z.number(),
  /** Processor time of the program from each commit until all that it made due was told. */
  cpuMs: z.number(),
  /** Each delivery with the moment just before its commit, as `preciseNow` tells it. */
  told: z.array(z.tuple([z.string(), z.number()])),
});
export type Committed = z.infer<typeof COMMITTED>;

/** Wall-clock time in ms UTC with its fractions. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}
