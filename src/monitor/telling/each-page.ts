/** Walks through a listing, page by page and not for ever. */
import type { Page, PageRequest } from '#ports/page.ts';

const PAGE = 500;

/** Shows up to `pagesMax` pages of 500 to `visit`. Gives whether that was all there is. */
export async function eachPage<T>(
  list: (page: PageRequest) => Promise<Page<T>>,
  pagesMax: number,
  visit: (items: readonly T[]) => Promise<void> | void,
): Promise<boolean> {
  let after: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const { items, next }: Page<T> = await list({ after, limit: PAGE });
    await visit(items);
    if (next === null) return true;
    after = next;
  }
  return false;
}
