/** The embedded store as something to copy from, while no server runs on it. */
import { join } from 'node:path';
import { Problem } from '#domain/problem.ts';
import type { Clock } from '#ports/clock.ts';
import type { Randomness } from '#ports/ids.ts';
import type { Db } from '#stores/sql/engine.ts';
import { migrate } from '#stores/sql/migrations.ts';
import { kyselyOver } from './connection.ts';
import { FILES } from './data-directory.ts';
import { SQLITE } from './engine.ts';
import { examineDatabase } from './examine.ts';
import { lockDirectory } from './lock.ts';
import { openToRead, openToWrite } from './open-database.ts';
import { findSealKey } from './seal-key.ts';

export interface SourceOptions {
  readonly dataDir: string;
  readonly sealKey: Uint8Array | null;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

export interface Source {
  readonly db: Db;
  readonly sealKey: Uint8Array;
}

/**
 * Runs `work` on it, brought to this program's schema. Problem `cannot_start` when a server runs on it,
 * when it is not there or damaged, or when its seal key is missing or another one.
 */
export async function withSource<T>(
  options: SourceOptions,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  const { dataDir, clock } = options;
  await using opened = new AsyncDisposableStack();
  const path = join(dataDir, FILES.database);
  const lock = lockDirectory(dataDir, clock);
  opened.defer(() => lock.release());
  const found = await examineDatabase(path);
  const sealKey = findSealKey(options, found);
  if (found === null || sealKey === null) {
    const message = `There is no database with its seal key in ${dataDir} to copy from.`;
    throw new Problem('cannot_start', message);
  }
  const writing = opened.adopt(openToWrite(path, undefined), (database) => database.close());
  await migrate(kyselyOver(writing, 'begin immediate'), SQLITE);
  const reading = opened.adopt(openToRead(path), (database) => database.close());
  const reader = kyselyOver(reading, 'begin');
  return await reader.transaction().execute((db) => work({ db, sealKey }));
}
