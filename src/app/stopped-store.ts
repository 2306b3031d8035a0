/** What can be done with the store of a data directory while no server runs on it. */
import type { Answer } from '#api/call.ts';
import type { ServerOptions } from '#config/options.ts';
import { Problem } from '#domain/problem.ts';
import { factsWhileStopped } from '#stores/sqlite/maintenance.ts';
import { restoreDatabase } from '#stores/sqlite/restore.ts';
import type { Restored } from '#stores/sqlite/restore.ts';
import { databaseOf } from './open-store.ts';
import { systemClock } from './system-clock.ts';
import { systemRandomness } from './system-randomness.ts';

/** What the server would answer about its store. Throws Problem `cannot_start`, `not_found`. */
export async function stoppedStore(dataDir: string): Promise<Answer<'getStore'>['body']> {
  const facts = await factsWhileStopped(dataDir, systemClock);
  const { engine, schemaVersion, location, bytes, rows } = facts;
  return { engine, schema_version: schemaVersion, location, bytes, rows };
}

/** Throws Problem `cannot_start` with nothing replaced. */
export async function restoreBackup(options: ServerOptions, file: string): Promise<Restored> {
  const { dataDir, sealKeyFile } = options;
  if (databaseOf(options) !== null) {
    const message = 'With PostgreSQL its own pg_restore puts a backup back. Nothing was changed.';
    throw new Problem('cannot_start', message);
  }
  return restoreDatabase(
    { dataDir, sealKey: sealKeyFile, clock: systemClock, randomness: systemRandomness },
    file,
  );
}
