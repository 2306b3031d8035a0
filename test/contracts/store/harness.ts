/** What the store's contract needs of an engine, and what its tests share. */
import assert from 'node:assert/strict';
import { Problem, type ProblemCode } from '#domain/problem.ts';
import type { ChannelId } from '#domain/id.ts';
import type { ChannelRow, Store } from '#ports/store.ts';

export interface StoreUnderTest extends Store, AsyncDisposable {
  /** Closes it and opens it again over the same data, as a restart does. */
  reopen(): Promise<Store>;
  /** Everything that lies on the disk, as it lies there. */
  storedBytes(): Promise<Buffer>;
}

/** Opens an empty store of its own. */
export type OpenStore = () => Promise<StoreUnderTest>;

/** The work is refused with a Problem of this code whose sentence matches. */
export async function refuses(
  work: Promise<unknown>,
  code: ProblemCode,
  sentence: RegExp,
): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof Problem, `${String(error)} is no Problem`);
    assert.equal(error.code, code);
    assert.match(error.message, sentence);
    return true;
  });
}

/** The channel with its state; fails the test when it is gone. */
export async function rowOf(store: Store, id: ChannelId): Promise<ChannelRow> {
  const row = await store.read((view) => view.channels.findRow(id));
  assert.ok(row, `channel ${id} is gone`);
  return row;
}

/** Pages of `limit` until the last, joined. */
export async function allPages<T>(
  limit: number,
  list: (page: { after: string | null; limit: number }) => Promise<{
    items: readonly T[];
    next: string | null;
  }>,
): Promise<T[]> {
  const all: T[] = [];
  let after: string | null = null;
  do {
    const page: { items: readonly T[]; next: string | null } = await list({ after, limit });
    assert.ok(page.items.length <= limit, 'a page is longer than asked for');
    assert.ok(page.next === null || page.items.length === limit, 'a page ends early');
    all.push(...page.items);
    after = page.next;
  } while (after !== null);
  return all;
}
