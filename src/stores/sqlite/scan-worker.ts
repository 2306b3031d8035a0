/**
 * A thread that only reads: long queries run here, so that the main one goes on answering. It is a
 * connection and a loop; what to ask and what the rows mean is known to the other side alone.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { errcodeOf } from './engine-error.ts';
import { openToRead } from './open-database.ts';
import type { ScanReply, ScanRequest, ScanRows } from './scan-protocol.ts';

/** Preparing a statement costs more than running it; scans have fewer distinct ones than this. */
const STATEMENTS_MAX = 100;

interface Prepared {
  readonly statement: StatementSync;
  readonly columns: readonly string[];
}

/** Opened by the first statement, so that whoever asked it hears what is wrong. */
let database: DatabaseSync | null = null;
const statements = new Map<string, Prepared>();

parentPort?.on('message', (request: ScanRequest | 'close') => {
  if (request !== 'close') {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort?.postMessage(replyTo(request));
    return;
  }
  statements.clear();
  database?.close();
  parentPort?.close();
});

function replyTo(request: ScanRequest): ScanReply {
  try {
    return { ok: true, result: rowsOf(request) };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'SQLite threw no error';
    const cause = error instanceof Error ? error.cause : null;
    return { ok: false, error: { message, errcode: errcodeOf(error) ?? errcodeOf(cause) } };
  }
}

function rowsOf({ sql, parameters }: ScanRequest): ScanRows {
  const { statement, columns } = prepared(sql);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- SQLite itself refuses any other type
  const rows = statement.all(...(parameters as SQLInputValue[]));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- setReturnArrays makes them arrays
  return { columns, rows: rows as unknown as unknown[][] };
}

function prepared(sql: string): Prepared {
  const known = statements.get(sql);
  if (known !== undefined) return known;
  database ??= openToRead(String(workerData));
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  const made = { statement, columns: statement.columns().map(({ name }) => name) };
  if (statements.size >= STATEMENTS_MAX) statements.clear();
  statements.set(sql, made);
  return made;
}
