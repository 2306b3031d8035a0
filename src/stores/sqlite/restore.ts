/**
 * Puts a backup in the place of the database, while no server runs. The backup is copied into the
 * directory and examined there before anything is replaced; what was there stays beside it.
 */
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Problem } from '#domain/problem.ts';
import type { Clock } from '#ports/clock.ts';
import type { Randomness } from '#ports/ids.ts';
import { ensureDataDirectory, FILES, syncDirectory } from './data-directory.ts';
import { examineDatabase } from './examine.ts';
import { lockDirectory } from './lock.ts';
import { findSealKey } from './seal-key.ts';

export interface RestoreOptions {
  readonly dataDir: string;
  readonly sealKey: Uint8Array | null;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

export interface Restored {
  /** The database that was there; null when there was none. */
  readonly keptAs: string | null;
  readonly schemaVersion: number;
}

/**
 * Problem `cannot_start`, with nothing replaced, when a server runs, the backup is damaged, too new or no
 * backup of ours, or when the seal key does not open what is in it.
 */
export async function restoreDatabase(options: RestoreOptions, file: string): Promise<Restored> {
  const { dataDir, clock } = options;
  ensureDataDirectory(dataDir);
  const lock = lockDirectory(dataDir, clock);
  const database = join(dataDir, FILES.database);
  const draft = `${database}.restoring`;
  try {
    takeCopy(file, draft);
    const schemaVersion = await examined(options, { file, draft });
    const keptAs = existsSync(database) ? keepOld(database, clock.now()) : null;
    // One step: from here on it is the backup, whenever the machine stops.
    renameSync(draft, database);
    syncDirectory(dataDir);
    return { keptAs, schemaVersion };
  } finally {
    rmSync(draft, { force: true });
    lock.release();
  }
}

function takeCopy(file: string, draft: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw refused(file, 'it does not exist');
  if (size === 0) throw refused(file, 'it is empty');
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    const why =
      'a write-ahead log lies beside it, so it is a copy of files in use and no backup; ' +
      'make one with "waba-health db backup"';
    throw refused(file, why);
  }
  rmSync(draft, { force: true });
  try {
    copyFileSync(file, draft, constants.COPYFILE_EXCL);
    chmodSync(draft, 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw refused(file, `it cannot be copied (${code})`);
  }
}

async function examined(
  options: RestoreOptions,
  { file, draft }: { readonly file: string; readonly draft: string },
): Promise<number> {
  try {
    const found = await examineDatabase(draft, { isWhole: true });
    findSealKey(options, found);
    if (found === null || found.schemaVersion === null) throw refused(file, 'it holds nothing');
    return found.schemaVersion;
  } catch (error) {
    if (!(error instanceof Problem) || !error.message.includes(draft)) throw error;
    const message = error.message.replaceAll(draft, file);
    throw new Problem('cannot_start', message, { cause: error });
  }
}

/** A second name for the old database, and its log out of the way: it would be replayed into the new one. */
function keepOld(database: string, now: number): string {
  const time = new Date(now).toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
  const kept = `${database}.before-restore-${time}`;
  emptyLog(database);
  try {
    linkSync(database, kept);
  } catch {
    // Not every file system has second names.
    copyFileSync(database, kept, constants.COPYFILE_EXCL);
  }
  for (const end of ['-wal', '-shm']) {
    if (existsSync(database + end)) renameSync(database + end, kept + end);
  }
  return kept;
}

/** Of a server that was killed, the log holds what the database does not have yet. */
function emptyLog(database: string): void {
  try {
    const old = new DatabaseSync(database, { timeout: 1_000 });
    try {
      old.exec('pragma wal_checkpoint(truncate)');
    } finally {
      old.close();
    }
  } catch {
    // A damaged database is a reason to restore: it is kept with its log, as it is.
  }
}

function refused(file: string, why: string): Problem {
  const message = `The backup ${file} was not restored: ${why}. Nothing was changed.`;
  return new Problem('cannot_start', message);
}
