/** Moves an instance from the data directory into a PostgreSQL database. */
import type { ServerOptions } from '#config/options.ts';
import { Problem } from '#domain/problem.ts';
import { withTarget } from '#stores/postgres/open-to-fill.ts';
import { copyInstance } from '#stores/sql/copy.ts';
import type { CopiedTable } from '#stores/sql/copy.ts';
import { withSource } from '#stores/sqlite/open-to-copy.ts';
import { databaseOf } from './open-store.ts';
import { systemClock } from './system-clock.ts';
import { systemRandomness } from './system-randomness.ts';

/**
 * Tells each table when it is copied and compared; all is there when it resolves. Problem `cannot_start`,
 * with nothing copied, when a server runs on the directory, the database is not empty, or a row differs.
 */
export async function copyStore(
  options: ServerOptions,
  tell: (copied: CopiedTable) => void,
): Promise<void> {
  const url = databaseOf(options);
  if (url === null) {
    const message =
      'Name the database to copy into: --database, or WABA_HEALTH_DATABASE if it has a password.';
    throw new Problem('cannot_start', message);
  }
  const deps = { clock: systemClock, randomness: systemRandomness };
  const source = { dataDir: options.dataDir, sealKey: options.sealKeyFile, ...deps };
  await withSource(source, ({ db: from, sealKey }) =>
    withTarget({ url, sealKey, ...deps }, (to) => copyInstance({ from, to, tell })),
  );
}
