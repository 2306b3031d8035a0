/** The store's contract over SQLite. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { storeContract } from '#test/contracts/store.ts';
import type { StoreUnderTest } from '#test/contracts/store/harness.ts';
import { openTestStore } from '#test/fakes/open-store.ts';

storeContract('SQLite', openUnderTest);

async function openUnderTest(): Promise<StoreUnderTest> {
  const store = await openTestStore();
  return { ...store, storedBytes: () => Promise.resolve(databaseBytes(store.dataDir)) };
}

/** The database and its log; the seal key lies elsewhere in any serious installation. */
function databaseBytes(dataDir: string): Buffer {
  const files = readdirSync(dataDir).filter((file) => file.startsWith('waba-health.db'));
  return Buffer.concat(files.map((file) => readFileSync(join(dataDir, file))));
}
