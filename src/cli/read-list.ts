/** A listing read page by page, up to a limit that the person can raise. */
import type { Command } from 'commander';
import type { Flags } from './connect.ts';
import { countFlag } from './flags.ts';

const LIMIT_DEFAULT = 200;
const LIMIT_MAX = 100_000;
const PAGE_MAX = 200;

export function addLimitFlag(command: Command): void {
  command.option('--limit <count>', `How many to list at most. Default: ${LIMIT_DEFAULT}.`);
}

interface PageOf<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

export interface Listing<T> {
  readonly items: readonly T[];
  /** The sentence that says that there are more; undefined when these are all. */
  readonly note: string | undefined;
}

/** Reads pages until there are no more or the limit of `flags` is reached. */
export async function readList<T>(
  flags: Flags,
  readPage: (query: { limit: number; cursor?: string }) => Promise<PageOf<T>>,
): Promise<Listing<T>> {
  const limit = countFlag(flags, 'limit', LIMIT_MAX) ?? LIMIT_DEFAULT;
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const wanted = Math.min(PAGE_MAX, limit - items.length);
    const query = cursor === null ? { limit: wanted } : { limit: wanted, cursor };
    const page: PageOf<T> = await readPage(query);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null && items.length < limit);
  const note =
    cursor === null ? undefined : `There are more than these ${limit}: raise --limit to see them.`;
  return { items, note };
}
