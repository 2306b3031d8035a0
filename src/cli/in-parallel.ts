/** The same call for many things, a few at a time, and a bar that shows how far it is. */
import type { Terminal } from './terminal.ts';

export interface Parallel {
  /** At most so many at once. */
  readonly width: number;
  /** What the bar says: `Adding channels`; nothing is shown where standard error is no terminal. */
  readonly what: string;
  readonly terminal: Terminal;
}

/** Runs `work` for each item in their order. What one throws ends the beginning of others, and comes out. */
export async function inParallel<T>(
  items: readonly T[],
  { width, what, terminal }: Parallel,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  let done = 0;
  const failures: unknown[] = [];
  const lane = async () => {
    for (const item of waiting) {
      if (failures.length > 0) return;
      try {
        await work(item);
      } catch (error) {
        failures.push(error);
      }
      done += 1;
      terminal.progress(barText({ what, done, of: items.length }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  if (items.length > 0) terminal.progress('');
  if (failures.length > 0) throw failures[0];
}

const CELLS = 24;

/** `Adding channels [#####·····] 12 of 40` */
function barText({
  what,
  done,
  of,
}: {
  readonly what: string;
  readonly done: number;
  readonly of: number;
}): string {
  const full = Math.round((done / Math.max(1, of)) * CELLS);
  return `${what} [${'#'.repeat(full)}${'·'.repeat(CELLS - full)}] ${done} of ${of}`;
}
