/**
 * Looks at the database before anything is touched: whether it is one, whole, ours, and not newer than
 * this program. All of it only reads, so that what is refused stays as it is, byte for byte.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { Problem } from '#domain/problem.ts';
import { refuseNewerSchema, schemaVersionOf } from '#stores/sql/migrations.ts';
import { type SealedValue, sealedSamplesOf } from '#stores/sql/seal-check.ts';
import { kyselyOver } from './connection.ts';

/** The first 16 bytes of each SQLite database (https://sqlite.org/fileformat.html). */
const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
/** Reading every page of more than this takes longer than a start may. */
const FULL_CHECK_BYTES_MAX = 64 * 1024 * 1024;

/** What lies there already. */
export interface Found {
  /** One sealed value of each column that has any: what a seal key must open. */
  readonly sealed: readonly SealedValue[];
  /** Null in a database that was never migrated. */
  readonly schemaVersion: number | null;
}

/**
 * Null when there is no database yet. Problem `cannot_start` when it is none we can work with. `isWhole`
 * reads every page, however long that takes.
 */
export async function examineDatabase(
  path: string,
  { isWhole = false }: { readonly isWhole?: boolean } = {},
): Promise<Found | null> {
  const size = sizeOf(path);
  if (size === 0) return null;
  const walSize = sizeOf(`${path}-wal`);
  examineHeader(path, { size, walSize });
  // Without a log to replay nobody else has the file, and SQLite need not make one beside it.
  const url = pathToFileURL(path);
  if (walSize === 0) url.searchParams.set('immutable', '1');
  try {
    const database = new DatabaseSync(url, { readOnly: true, timeout: 1_000 });
    try {
      const isChecked = isWhole || size <= FULL_CHECK_BYTES_MAX;
      return await examineContent(path, database, { isChecked });
    } finally {
      database.close();
    }
  } catch (error) {
    throw isRefusal(error) ? error : damaged(path, 'it cannot be read', error);
  }
}

/** The Problem `cannot_start` of a database that is not what it should be. */
export function damaged(path: string, why: string, cause?: unknown): Problem {
  const message = `The database ${path} is damaged: ${why}. Nothing was changed. Restore a backup.`;
  return new Problem('cannot_start', message, { cause });
}

function isRefusal(error: unknown): boolean {
  return error instanceof Problem && error.code === 'cannot_start';
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function examineHeader(path: string, { size, walSize }: { size: number; walSize: number }): void {
  const header = headerOf(path);
  if (header.toString('latin1', 0, 16) !== MAGIC) throw damaged(path, 'it is no SQLite database');
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const due = pageSize * header.readUInt32BE(28);
  const isCountValid = header.readUInt32BE(24) === header.readUInt32BE(92);
  // With a log beside it the file may lag behind what the header says.
  if (walSize === 0 && isCountValid && size < due) {
    throw damaged(path, `it has ${size} bytes and should have ${due}`);
  }
}

function headerOf(path: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  try {
    // Opened for writing as well, which is what the store will need.
    const file = openSync(path, 'r+');
    try {
      readSync(file, header, 0, HEADER_BYTES, 0);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    const message = `The database ${path} cannot be opened for writing; change its owner or mode.`;
    throw new Problem('cannot_start', message, { cause });
  }
  return header;
}

async function examineContent(
  path: string,
  database: DatabaseSync,
  { isChecked }: { readonly isChecked: boolean },
): Promise<Found> {
  const names = database.prepare("select name from sqlite_schema where type = 'table'").all();
  if (names.length === 0) return { sealed: [], schemaVersion: null };
  if (!names.some(({ name }) => name === 'schema_version')) {
    const message = `The database ${path} is not one of waba-health. Choose another directory.`;
    throw new Problem('cannot_start', message);
  }
  if (isChecked) {
    const found = database.prepare('pragma quick_check(1)').get()?.['quick_check'];
    if (found !== 'ok') throw damaged(path, `SQLite finds "${String(found)}"`);
  }
  const db = kyselyOver(database, 'begin');
  const version = await schemaVersionOf(db);
  // The table without its row is what a first start that died on the way leaves.
  if (version === null) return { sealed: [], schemaVersion: null };
  refuseNewerSchema(version);
  return { sealed: await sealedSamplesOf(db, version.version), schemaVersion: version.version };
}
