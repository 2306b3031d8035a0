/** A real store in a directory of its own, for whatever needs one. */
import type { Clock } from '#ports/clock.ts';
import type { OpenedStore } from '#stores/sql/opened-store.ts';
import { openSqliteStore } from '#stores/sqlite/open.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';

export interface TestStore extends OpenedStore, AsyncDisposable {
  readonly dataDir: string;
  /** Closes it and opens it again, as a restart does; go on with the store that this gives. */
  reopen(): Promise<OpenedStore>;
}

/** `await using store = await openTestStore();` closes it and removes its files at the end. */
export async function openTestStore(
  options: { clock?: Clock; maxBytes?: number; isQuick?: boolean } = {},
): Promise<TestStore> {
  const { clock = createFakeClock(), isQuick = false, ...rest } = options;
  const directory = temporaryDirectory({ isQuick });
  const about = { ids: createFakeIds(), randomness: createFakeRandomness(), clock, ...rest };
  const open = () => openSqliteStore({ dataDir: directory.path, sealKey: null, ...about });
  let store = await open().catch((error: unknown) => {
    directory[Symbol.dispose]();
    throw error;
  });
  return {
    ...store,
    dataDir: directory.path,
    async reopen() {
      await store.close();
      store = await open();
      return store;
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      directory[Symbol.dispose]();
    },
  };
}
