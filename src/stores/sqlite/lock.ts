/**
 * One program per data directory. Node has no file lock of its own, so a transaction that is begun and
 * never ended on a small database beside the real one holds SQLite's: the system drops it with the
 * process, however that ends.
 */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Problem } from '#domain/problem.ts';
import type { Clock } from '#ports/clock.ts';
import { errcodeOf } from './engine-error.ts';

const BUSY = 5;
/** How long to wait for another program that is just about to write down who it is. */
const HOLDER_WAIT_MS = 1_000;

export interface DirectoryLock {
  /** Lets others in. */
  release(): void;
}

/** Takes the directory. Problem `cannot_start`, naming the process, when another program has it. */
export function lockDirectory(directory: string, clock: Clock): DirectoryLock {
  const path = join(directory, 'lock.db');
  const database = openLock(path);
  try {
    hold(database);
    database.exec('create table if not exists holder (id integer primary key, pid, since)');
    const holder = 'insert or replace into holder (id, pid, since) values (1, ?, ?)';
    database.prepare(holder).run(process.pid, new Date(clock.now()).toISOString());
    // Committed, so that others can read who it is; whoever slips in here refuses us, not itself.
    database.exec('commit');
    hold(database);
    return { release: () => database.close() };
  } catch (error) {
    const problem = errcodeOf(error) === BUSY ? inUse(directory, database) : unusable(path, error);
    database.close();
    throw problem;
  }
}

function openLock(path: string): DatabaseSync {
  try {
    closeSync(openSync(path, 'a', 0o600));
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw unusable(path, error);
  }
}

/** Reserves the right to write: one connection has it at a time, and others may still read. */
function hold(database: DatabaseSync): void {
  database.exec('begin immediate');
}

function inUse(directory: string, database: DatabaseSync): Problem {
  let by = 'another program';
  try {
    database.exec(`pragma busy_timeout = ${HOLDER_WAIT_MS}`);
    const holder = database.prepare('select pid, since from holder').get();
    if (holder !== undefined)
      by = `process ${String(holder['pid'])} (since ${String(holder['since'])})`;
  } catch {
    // Who it is would help; that somebody is there is enough to refuse.
  }
  const message = `${directory} is in use by ${by}. Stop it first, or choose another directory.`;
  return new Problem('cannot_start', message);
}

function unusable(path: string, cause: unknown): Problem {
  const message =
    `The lock file ${path} cannot be used: ${cause instanceof Error ? cause.message : 'unknown'}. ` +
    'It holds nothing of value; remove it if no other waba-health runs here.';
  return new Problem('cannot_start', message, { cause });
}
