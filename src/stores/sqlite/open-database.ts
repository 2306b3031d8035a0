/** The two connections of an embedded store: one that writes, and one that only reads beside it. */
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Problem } from '#domain/problem.ts';
import { translateEngineError } from './engine-error.ts';

/** How long a statement waits for another program (a backup, a shell) that holds the database. */
const BUSY_TIMEOUT_MS = 1_000;

/** The connection that writes; it makes the file (0600) if there is none. Problem `store_unavailable`. */
export function openToWrite(path: string, maxBytes: number | undefined): DatabaseSync {
  // SQLite gives its other files the mode of this one.
  closeSync(openSync(path, 'a', 0o600));
  return open(path, { timeout: BUSY_TIMEOUT_MS }, (database) => {
    const mode = database.prepare('pragma journal_mode = wal').get()?.['journal_mode'];
    if (mode !== 'wal') {
      const message = `The file system under ${path} does not support write-ahead logs.`;
      throw new Problem('store_unavailable', message);
    }
    // A commit is on the disk when it returns.
    database.exec('pragma synchronous = full');
    database.exec('pragma foreign_keys = on');
    // What is erased is overwritten.
    database.exec('pragma secure_delete = on');
    if (maxBytes !== undefined) limitSize(database, maxBytes);
  });
}

/** A connection that sees one consistent state and neither waits for the writing one nor stops it. */
export function openToRead(path: string): DatabaseSync {
  return open(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS }, (database) => {
    database.exec('pragma query_only = on');
  });
}

function open(
  path: string,
  options: { readOnly?: boolean; timeout: number },
  prepare: (database: DatabaseSync) => void,
): DatabaseSync {
  try {
    const database = new DatabaseSync(path, options);
    try {
      prepare(database);
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  } catch (error) {
    throw translateEngineError(error);
  }
}

function limitSize(database: DatabaseSync, maxBytes: number): void {
  const pageSize = Number(database.prepare('pragma page_size').get()?.['page_size']);
  database.exec(`pragma max_page_count = ${Math.max(1, Math.floor(maxBytes / pageSize))}`);
}
