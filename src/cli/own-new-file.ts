/** A new file that only its owner can read. */
import { writeFile } from 'node:fs/promises';
import { UsageError } from './usage-error.ts';

/** Never replaces a file. Throws UsageError when it is there, or cannot be written. */
export async function writeNewOwnFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const why = code === 'EEXIST' ? 'is there already' : `cannot be written (${code})`;
    throw new UsageError(`${path} ${why}; name another with --to <file>.`, { cause: error });
  }
}
