/** The store of a data directory, for `serve` and for `db …`. */
import type { ServerOptions } from '#config/options.ts';
import { openSqliteStore } from '#stores/sqlite/open.ts';
import type { OpenedStore } from '#stores/sqlite/open.ts';
import { systemClock } from './system-clock.ts';
import { systemRandomness } from './system-randomness.ts';
import { createIds } from './uuid-ids.ts';

/** Throws Problem `cannot_start`, with nothing touched, when it cannot be opened. */
export async function openStore(
  options: Pick<ServerOptions, 'dataDir' | 'sealKeyFile'>,
): Promise<OpenedStore> {
  return openSqliteStore({
    dataDir: options.dataDir,
    sealKey: options.sealKeyFile,
    clock: systemClock,
    randomness: systemRandomness,
    ids: createIds({ clock: systemClock, randomness: systemRandomness }),
  });
}
