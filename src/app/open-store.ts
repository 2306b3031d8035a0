/** The store that the options say, for `serve` and for `db …`. */
import type { ServerOptions } from '#config/options.ts';
import type { Secret } from '#domain/secret.ts';
import type { OpenedStore } from '#stores/sql/opened-store.ts';
import { ensureDataDirectory } from '#stores/sqlite/data-directory.ts';
import { openSqliteStore } from '#stores/sqlite/open.ts';
import { systemClock } from './system-clock.ts';
import { systemRandomness } from './system-randomness.ts';
import { createIds } from './uuid-ids.ts';

type StoreOptions = Pick<ServerOptions, 'dataDir' | 'sealKeyFile' | 'database' | 'databaseFile'>;

/** Throws Problem `cannot_start`, with nothing touched, when it cannot be opened. */
export async function openStore(options: StoreOptions): Promise<OpenedStore> {
  const deps = {
    sealKey: options.sealKeyFile,
    clock: systemClock,
    randomness: systemRandomness,
    ids: createIds({ clock: systemClock, randomness: systemRandomness }),
  };
  const url = databaseOf(options);
  if (url === null) return openSqliteStore({ dataDir: options.dataDir, ...deps });
  // Where the commands of this machine find the server.
  ensureDataDirectory(options.dataDir);
  // Loaded here, so that whoever has no such database starts without its driver.
  const { openPostgresStore } = await import('#stores/postgres/open.ts');
  return openPostgresStore({ url, ...deps });
}

/** The address of the PostgreSQL database; null for the embedded one. */
export function databaseOf(
  options: Pick<ServerOptions, 'database' | 'databaseFile'>,
): Secret | null {
  return options.database ?? options.databaseFile;
}
