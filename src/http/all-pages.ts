/** Pages of a collection that the store gives whole, because there are never many. */
import type { Page, PageRequest } from '#ports/page.ts';

/** The page of `all`, which is in the order of names. */
export function pageOfAll<T extends { readonly name: string }>(
  all: readonly T[],
  { after, limit }: PageRequest,
): Page<T> {
  const rest = all.filter(({ name }) => after === null || name > after);
  const items = rest.slice(0, limit);
  return { items, next: rest.length > limit ? (items.at(-1)?.name ?? null) : null };
}
