/** The embedded store as a whole: its files, its rows, and copies of it. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '#domain/problem.ts';
import type { Clock } from '#ports/clock.ts';
import type { Maintenance, StoreFacts } from '#ports/maintenance.ts';
import { backupDatabase } from './backup.ts';
import { FILES } from './data-directory.ts';
import { inspectDatabase } from './inspect.ts';
import { lockDirectory } from './lock.ts';

export interface SqliteMaintenance extends Maintenance {
  /** Ends a copy that is being made. */
  close(): void;
}

export function sqliteMaintenance(about: {
  readonly dataDir: string;
  readonly clock: Clock;
}): SqliteMaintenance {
  const { dataDir, clock } = about;
  let isCopying = false;
  let isOver = false;
  return {
    facts: () => factsOf(dataDir, { isAlone: false }),
    async backup(to) {
      if (isCopying) {
        throw new Problem('conflict', 'A backup is being made already; wait for its end.');
      }
      isCopying = true;
      try {
        return await backupDatabase({ dataDir, to, clock, isOver: () => isOver });
      } finally {
        isCopying = false;
      }
    },
    close() {
      isOver = true;
    },
  };
}

/**
 * The facts about a store that no server has open; nothing is changed, migrated or made. Problem
 * `cannot_start` when another program has it, `not_found` when there is none.
 */
export async function factsWhileStopped(dataDir: string, clock: Clock): Promise<StoreFacts> {
  if (sizeOf(join(dataDir, FILES.database)) === 0) {
    throw new Problem('not_found', `There is no database in ${dataDir}.`);
  }
  const lock = lockDirectory(dataDir, clock);
  try {
    return await factsOf(dataDir, {
      isAlone: sizeOf(join(dataDir, `${FILES.database}-wal`)) === 0,
    });
  } finally {
    lock.release();
  }
}

async function factsOf(
  dataDir: string,
  { isAlone }: { readonly isAlone: boolean },
): Promise<StoreFacts> {
  const path = join(dataDir, FILES.database);
  const { schemaVersion, rows } = await inspectDatabase({ path, isAlone, isChecked: false });
  const bytes = ['', '-wal', '-shm'].reduce((sum, end) => sum + sizeOf(path + end), 0);
  return { engine: 'sqlite', schemaVersion, location: path, bytes, rows };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
