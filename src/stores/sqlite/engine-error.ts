/** SQLite's errors in our words. */
import { Problem } from '#domain/problem.ts';
import { TakenError } from '#stores/sql/engine.ts';

/** Extended result codes of a unique index and of a primary key that refused a row. */
const UNIQUE = 2067;
const PRIMARY_KEY = 1555;

/** Primary result codes that are about the machine or the file, not about a statement of ours. */
const SENTENCES: Readonly<Record<number, string>> = {
  3: 'the system denies access to it',
  5: 'another program holds it; close what has it open',
  6: 'another statement holds it',
  7: 'there is not enough memory',
  8: 'it cannot be written',
  9: 'the statement was interrupted',
  10: 'the disk reports an error',
  11: 'it is damaged; restore it from a backup',
  13: 'there is no room left for it: the disk is full, or the largest size allowed is reached',
  14: 'it cannot be opened',
  15: 'its locks do not work on this file system',
  22: 'it is too large for this file system',
  26: 'it is no SQLite database; restore it from a backup',
};

/**
 * A refusal by a unique index becomes a `TakenError`; a database that cannot be used, Problem
 * `store_unavailable`. Anything else is a mistake in a statement and stays what it is.
 */
export function translateEngineError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('SQLite threw no error', { cause: error });
  const errcode = errcodeOf(error);
  if (errcode === null) return error;
  if (errcode === UNIQUE || errcode === PRIMARY_KEY) {
    return new TakenError(indexOf(error.message), error);
  }
  const sentence = SENTENCES[errcode & 0xff];
  if (sentence === undefined) return error;
  return new Problem('store_unavailable', `The database cannot be used: ${sentence}.`, {
    cause: error,
  });
}

/** SQLite's extended result code of an error that it threw; null for any other error. */
export function errcodeOf(error: unknown): number | null {
  const errcode = error instanceof Error && 'errcode' in error ? error.errcode : null;
  return typeof errcode === 'number' ? errcode : null;
}

/** `UNIQUE constraint failed: channels.upstream, channels.node_id` → `channels_upstream_node_id`. */
function indexOf(message: string): string {
  const columns = message.slice(message.indexOf(':') + 1).split(',');
  const [table = ''] = (columns[0] ?? '').trim().split('.');
  return [table, ...columns.map((column) => column.trim().slice(table.length + 1))].join('_');
}
