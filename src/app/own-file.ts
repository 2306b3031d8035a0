/** Small files of the data directory, written whole or not at all and readable by their owner only. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { Problem } from '#domain/problem.ts';

/**
 * Replaces the file at once: a reader sees the old text or the new one. Problem `cannot_start` when it
 * cannot be written.
 */
export async function writeOwnFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  try {
    await rm(draft, { force: true });
    await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw fileProblem(path, 'written', error);
  }
}

/** The text; null when there is no such file. Problem `cannot_start` when it cannot be read. */
export async function readOwnFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw fileProblem(path, 'read', error);
  }
}

function fileProblem(path: string, what: 'read' | 'written', cause: unknown): Problem {
  const message = `${path} cannot be ${what} (${codeOf(cause)}): it must belong to this user.`;
  return new Problem('cannot_start', message, { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
