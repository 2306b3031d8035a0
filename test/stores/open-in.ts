/** Opening a store in a directory that a test prepares, and looking at what is left there. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { OpenedStore } from '#stores/sql/opened-store.ts';
import { openSqliteStore, type SqliteStoreOptions } from '#stores/sqlite/open.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';

export function openIn(
  dataDir: string,
  about: Partial<SqliteStoreOptions> = {},
): Promise<OpenedStore> {
  return openSqliteStore({
    dataDir,
    sealKey: null,
    clock: createFakeClock(),
    ids: createFakeIds(),
    randomness: createFakeRandomness(),
    ...about,
  });
}

/** Each file of the directory with a digest of its bytes, but for the lock, which holds nothing. */
export function contentsOf(directory: string): Record<string, string> {
  const files = readdirSync(directory).filter((file) => file !== 'lock.db');
  return Object.fromEntries(
    files.toSorted().map((file) => {
      const bytes = readFileSync(join(directory, file));
      return [file, createHash('sha256').update(bytes).digest('hex')];
    }),
  );
}

/** Runs SQL on the database itself, past the store. */
export function runSql(dataDir: string, sql: string): void {
  const database = new DatabaseSync(join(dataDir, 'waba-health.db'), { timeout: 1_000 });
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

/** The rows of a query on the database itself, as plain objects. */
export function rowsIn(dataDir: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(dataDir, 'waba-health.db'), { timeout: 1_000 });
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}
