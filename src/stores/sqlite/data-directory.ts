/** The directory that holds everything a server must not lose. */
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '#domain/problem.ts';

/** What each file of the store is called. */
export const FILES = { database: 'waba-health.db', sealKey: 'seal.key' } as const;

const SENTENCES: Readonly<Record<string, string>> = {
  EACCES: 'is not writable for this user; change its owner, or choose another directory',
  EPERM: 'is not writable for this user; change its owner, or choose another directory',
  EROFS: 'lies on a file system that is read-only; choose another directory',
  ENOSPC: 'lies on a full disk; make room, or choose another directory',
  EDQUOT: 'lies on a disk whose quota is used up; make room, or choose another directory',
  ENOTDIR: 'lies below something that is not a directory; choose another directory',
  ENOENT: 'cannot be made where it is to be; choose another directory',
  ENAMETOOLONG: 'has too long a name; choose another directory',
};

/**
 * Makes the directory (0700) if it is missing, and tries whether files can be written there. Problem
 * `cannot_start` otherwise.
 */
export function ensureDataDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    tryToWrite(directory);
  } catch (error) {
    throw directoryProblem(directory, error);
  }
}

/** The Problem `cannot_start` that says why a file in the directory could not be made. */
export function directoryProblem(directory: string, cause: unknown): Problem {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  const why = code === 'EEXIST' ? 'is not a directory; choose another' : SENTENCES[code];
  const message = `The data directory ${directory} ${why ?? `cannot be used (${code})`}.`;
  return new Problem('cannot_start', message, { cause });
}

/** The bits of a directory's mode do not tell: the disk may be full, or mounted read-only. */
function tryToWrite(directory: string): void {
  const probe = join(directory, `probe-${process.pid}`);
  try {
    writeFileSync(probe, Buffer.alloc(4096), { mode: 0o600 });
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Without it a power loss may forget the file's name. Windows has no such thing and needs none. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
