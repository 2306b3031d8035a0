/** The embedded store: SQLite in a directory of its own. */
import { join } from 'node:path';
import { Problem } from '#domain/problem.ts';
import type { Clock } from '#ports/clock.ts';
import type { Ids, Randomness } from '#ports/ids.ts';
import type { Store } from '#ports/store.ts';
import { migrate } from '#stores/sql/migrations.ts';
import type { OpenedStore } from '#stores/sql/opened-store.ts';
import { endAllLeases } from '#stores/sql/channel-attempts.ts';
import { createSealer } from '#stores/sql/sealing.ts';
import { createSqlStore } from '#stores/sql/store.ts';
import { kyselyOver } from './connection.ts';
import { ensureDataDirectory, FILES } from './data-directory.ts';
import { SQLITE } from './engine.ts';
import { examineDatabase } from './examine.ts';
import { lockDirectory } from './lock.ts';
import { sqliteMaintenance } from './maintenance.ts';
import { openToRead, openToWrite } from './open-database.ts';
import { scannerOver } from './scan-connection.ts';
import { findSealKey, makeSealKey } from './seal-key.ts';

export interface SqliteStoreOptions {
  /** Made (0700) if it is missing. */
  readonly dataDir: string;
  /** 32 bytes; null reads `seal.key` in the directory, which is made when nothing sealed is stored. */
  readonly sealKey: Uint8Array | null;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly randomness: Randomness;
  /** The most the database file may grow to; without it, as far as the disk goes. */
  readonly maxBytes?: number;
}

/**
 * Opens the store and holds its directory until `close`. Problem `cannot_start`, with nothing touched,
 * when another program holds it, it cannot be written, the database is damaged or too new, or the seal
 * key is missing, damaged or another one.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<OpenedStore> {
  const { dataDir, randomness } = options;
  ensureDataDirectory(dataDir);
  await using opening = new AsyncDisposableStack();
  const lock = lockDirectory(dataDir, options.clock);
  opening.defer(() => lock.release());
  const path = join(dataDir, FILES.database);
  const found = await examineDatabase(path);
  const foundKey = findSealKey(options, found);
  try {
    const writing = opening.adopt(openToWrite(path, options.maxBytes), (open) => open.close());
    const writer = kyselyOver(writing, 'begin immediate');
    await migrate(writer, SQLITE);
    // The directory is ours alone, so whoever held a lease is gone, and its read with it.
    await endAllLeases(writer);
    const reading = opening.adopt(openToRead(path), (open) => open.close());
    const reader = kyselyOver(reading, 'begin');
    const scanner = opening.adopt(scannerOver(path), (open) => open.destroy());
    const maintenance = sqliteMaintenance({ dataDir, clock: options.clock });
    opening.defer(() => maintenance.close());
    const key = foundKey ?? makeSealKey(dataDir, randomness);
    const sealer = createSealer(key, randomness);
    const close = async () => resources.disposeAsync();
    const store = createSqlStore({
      reader,
      writer,
      scanner,
      engine: SQLITE,
      sealer,
      // Nobody else can open it, and change anything.
      follow: () => undefined,
      close,
    });
    const instanceId = await instanceIdOf(store, options.ids);
    const resources = opening.move();
    const deriveKey = (label: string) => sealer.derive(label, instanceId);
    return { ...store, instanceId, clock: options.clock, maintenance, deriveKey };
  } catch (error) {
    throw startProblem(path, error);
  }
}

/** Nothing that keeps a store from opening is worth waiting for: each is a reason not to start. */
function startProblem(path: string, error: unknown): unknown {
  if (!(error instanceof Problem) || error.code !== 'store_unavailable') return error;
  const message = `The database ${path} cannot be opened. ${error.message}`;
  return new Problem('cannot_start', message, { cause: error });
}

async function instanceIdOf(store: Store, ids: Ids): Promise<string> {
  const known = await store.read((view) => view.settings.get('instance_id'));
  if (known !== null) return known;
  const id = ids.next('inst');
  await store.change((tx) => tx.settings.put('instance_id', id));
  return id;
}
