/** A real store of either engine, for programs that are told by words which one to open. */
import type { SqliteStoreOptions } from '#stores/sqlite/open.ts';
import { openSqliteStore } from '#stores/sqlite/open.ts';
import type { OpenedStore } from '#stores/sql/opened-store.ts';
import { openPostgres } from '#test/fakes/open-postgres-store.ts';

/** `engine` is `sqlite` or `postgres`, `where` the directory or the address of the database. */
export function openEngine(
  engine: string,
  where: string,
  given: Pick<SqliteStoreOptions, 'clock' | 'ids' | 'randomness'>,
): Promise<OpenedStore> {
  return engine === 'postgres'
    ? openPostgres(where, given)
    : openSqliteStore({ dataDir: where, sealKey: null, ...given });
}
