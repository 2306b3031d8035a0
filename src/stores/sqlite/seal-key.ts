/** The key that seals secrets: a file beside the database, unless one is given. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Problem } from '#domain/problem.ts';
import type { Randomness } from '#ports/ids.ts';
import { refuseWrongKey } from '#stores/sql/seal-check.ts';
import { createSealer, SEAL_KEY_BYTES } from '#stores/sql/sealing.ts';
import { directoryProblem, FILES, syncDirectory } from './data-directory.ts';
import { damaged, type Found } from './examine.ts';

interface KeyOptions {
  readonly dataDir: string;
  readonly sealKey: Uint8Array | null;
  readonly randomness: Randomness;
}

/**
 * The key given or in the file, which opens what is stored; null when one may be made. Problem
 * `cannot_start` when it is missing but needed, malformed, or another database's.
 */
export function findSealKey(options: KeyOptions, found: Found | null): Uint8Array | null {
  const { dataDir, sealKey, randomness } = options;
  const path = join(dataDir, FILES.sealKey);
  const key = sealKey ?? readSealKey(path);
  if (key === null) {
    if (found === null || found.sealed.length === 0) return null;
    const message =
      `The seal key ${path} is missing, and without it the stored secrets cannot be opened. ` +
      'Restore it from your backup. No new one was made.';
    throw new Problem('cannot_start', message);
  }
  if (key.length !== SEAL_KEY_BYTES) {
    const message = `The seal key has ${key.length} bytes and must have ${SEAL_KEY_BYTES}.`;
    throw new Problem('cannot_start', message);
  }
  const database = join(dataDir, FILES.database);
  // The key is made after the database, which is never empty from then on.
  if (found === null && existsSync(database) && existsSync(path)) {
    throw damaged(database, 'it is empty');
  }
  refuseWrongKey(createSealer(key, randomness), found?.sealed ?? []);
  return key;
}

/** The key in the file; null when there is none. Problem `cannot_start` when it is no key. */
function readSealKey(path: string): Uint8Array | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    const message = `The seal key ${path} cannot be read; make it readable for this user.`;
    throw new Problem('cannot_start', message, { cause });
  }
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  throw new Problem(
    'cannot_start',
    `The seal key ${path} is damaged: it must hold ${SEAL_KEY_BYTES * 2} hex digits and nothing ` +
      'else. Restore it from your backup.',
  );
}

/** Makes a key and its file (0600), which is there completely and for good when this returns. */
export function makeSealKey(directory: string, randomness: Randomness): Uint8Array {
  const key = randomness.bytes(SEAL_KEY_BYTES);
  const path = join(directory, FILES.sealKey);
  try {
    const file = openSync(`${path}.new`, 'w', 0o600);
    try {
      writeSync(file, `${Buffer.from(key).toString('hex')}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.new`, path);
    syncDirectory(directory);
  } catch (error) {
    throw directoryProblem(directory, error);
  }
  return key;
}
