/** A new administrator's token while the server is stopped. */
import type { ServerOptions } from '#config/options.ts';
import { Problem } from '#domain/problem.ts';
import { replaceAdminToken } from './admin-token.ts';
import { databaseOf, openStore } from './open-store.ts';
import { sha256Digest } from './sha256-digest.ts';
import { systemRandomness } from './system-randomness.ts';

/** Gives the file in which the new token lies. Problem `cannot_start` when the store is in use. */
export async function renewAdminToken(options: ServerOptions): Promise<string> {
  if (databaseOf(options) !== null) {
    throw new Problem(
      'cannot_start',
      'The token of servers that share a database is the one that they are given: start each of them ' +
        'with a new one in --admin-token-file.',
    );
  }
  const store = await openStore(options);
  try {
    const { file } = await replaceAdminToken({
      store,
      digest: sha256Digest,
      randomness: systemRandomness,
      dataDir: options.dataDir,
    });
    return file;
  } finally {
    await store.close();
  }
}
