/** Pages of listings. */
import type { Page, PageRequest } from '#ports/page.ts';

const PAGE_LIMIT_MAX = 500;

/** How many rows to ask the engine for: one more than the page, which tells whether another follows. */
export function rowsToAsk({ limit }: PageRequest, max: number = PAGE_LIMIT_MAX): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > max) {
    throw new Error(`a page has 1 to ${max} items, not ${limit}`);
  }
  return limit + 1;
}

/** The page in `rows`, which `rowsToAsk` asked for. */
export function pageOf<T>(
  rows: readonly T[],
  { limit }: PageRequest,
  cursorOf: (item: T) => string,
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
