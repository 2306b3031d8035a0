/** A directory that is gone after the test. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryDirectory extends Disposable {
  readonly path: string;
}

/** Where files are in memory, so that nothing waits for a disk. */
const IN_MEMORY = '/dev/shm';

/**
 * `using directory = temporaryDirectory();` removes it, with all that is in it, at the end. With `isQuick` it lies in
 * memory where that can be: for tests of what is written, not of whether it is there after a power failure.
 */
export function temporaryDirectory({ isQuick = false } = {}): TemporaryDirectory {
  const parent = isQuick && existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir();
  const path = mkdtempSync(join(parent, 'waba-health-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
