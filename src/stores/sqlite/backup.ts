/**
 * A copy of the database while it is in use. A connection of its own holds one state of the write-ahead log
 * from the first page to the last, so the copy is that state, whatever is written meanwhile, and neither
 * writers nor the event loop wait: pages are copied a few at a time on a thread of the pool.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { backup } from 'node:sqlite';
import { Problem } from '#domain/problem.ts';
import type { Clock } from '#ports/clock.ts';
import type { BackupMade } from '#ports/maintenance.ts';
import { FILES, syncDirectory } from './data-directory.ts';
import { errcodeOf, translateEngineError } from './engine-error.ts';
import { inspectDatabase } from './inspect.ts';
import { openToRead } from './open-database.ts';

const DIRECTORY = 'backups';
/** One MiB at a time with SQLite's usual pages. */
const PAGES_A_STEP = 256;

export interface BackupWish {
  readonly dataDir: string;
  /** Null: a name of its own in `backups` of the data directory. */
  readonly to: string | null;
  readonly clock: Clock;
  /** Asked after each step; true ends the copy. */
  readonly isOver: () => boolean;
}

/** As `Maintenance.backup`. */
export async function backupDatabase(wish: BackupWish): Promise<BackupMade> {
  const began = wish.clock.now();
  const target = targetOf(wish, began);
  const draft = `${target}.partial`;
  createDraft(target, draft);
  try {
    await copyInto(draft, wish);
    syncFile(draft);
    const { damage, schemaVersion, rows } = await inspectDatabase({
      path: draft,
      isAlone: true,
      isChecked: true,
    });
    if (damage !== null) throw failed(`SQLite finds "${damage}" in it`);
    const { size } = statSync(draft);
    renameSync(draft, target);
    syncDirectory(dirname(target));
    const tookMs = wish.clock.now() - began;
    return { path: target, bytes: size, schemaVersion, rows, tookMs };
  } catch (error) {
    rmSync(draft, { force: true });
    throw translated(error);
  }
}

async function copyInto(draft: string, { dataDir, isOver }: BackupWish): Promise<void> {
  const source = openToRead(join(dataDir, FILES.database));
  try {
    source.exec('begin');
    // The first read is what fixes the state.
    source.prepare('select version from schema_version').get();
    await backup(source, draft, {
      rate: PAGES_A_STEP,
      progress() {
        if (isOver()) throw failed('the server is stopping');
      },
    });
  } finally {
    source.close();
  }
}

function targetOf({ dataDir, to }: BackupWish, now: number): string {
  if (to === null) {
    const time = new Date(now).toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
    const directory = join(dataDir, DIRECTORY);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return join(directory, `waba-health-${time}.db`);
  }
  if (isAbsolute(to)) return to;
  throw cannotBeThere('must be an absolute path, because it is a file of the server');
}

/** Readable by its owner only from the beginning. */
function createDraft(target: string, draft: string): void {
  if (existsSync(target)) throw cannotBeThere('exists already; a backup replaces nothing');
  try {
    closeSync(openSync(draft, 'wx', 0o600));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw cannotBeThere(`cannot be written by the server (${code})`);
  }
}

function cannotBeThere(why: string): Problem {
  const items = [{ at: 'body.to', message: why }];
  return new Problem('invalid_request', `The file of the backup ${why}.`, { items });
}

function failed(why: string): Problem {
  return new Problem('store_unavailable', `The backup was not made: ${why}.`);
}

function translated(error: unknown): Error {
  const known = errcodeOf(error) === null ? error : translateEngineError(error);
  return known instanceof Error ? known : new Error('the backup threw no error', { cause: error });
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
