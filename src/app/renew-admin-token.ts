/** A new administrator's token while the server is stopped. */
import type { ServerOptions } from '#config/options.ts';
import { replaceAdminToken } from './admin-token.ts';
import { openStore } from './open-store.ts';
import { sha256Digest } from './sha256-digest.ts';
import { systemRandomness } from './system-randomness.ts';

/** Gives the file in which the new token lies. Problem `cannot_start` when the store is in use. */
export async function renewAdminToken(options: ServerOptions): Promise<string> {
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
