/**
 * What programs that share a database have in common is given to each of them: were one of them to make
 * it, the others could not know it.
 */
import type { ServerOptions } from '#config/options.ts';
import { Problem } from '#domain/problem.ts';
import type { ProblemItem } from '#domain/problem.ts';
import { databaseOf } from './open-store.ts';

/** Problem `cannot_start` with an item for each of the two secrets that is missing. */
export function requireSharedSecrets(options: ServerOptions): void {
  if (databaseOf(options) === null) return;
  const items: ProblemItem[] = [];
  if (options.sealKeyFile === null) {
    const message =
      '--seal-key-file is needed with --database: make a key with "openssl rand -hex 32 > seal.key", ' +
      'keep it safe, and give the same to each server on this database.';
    items.push({ at: '--seal-key-file', message });
  }
  if (options.adminToken === null && options.adminTokenFile === null) {
    const message =
      '--admin-token-file (or WABA_HEALTH_ADMIN_TOKEN) is needed with --database: make a token with ' +
      '"openssl rand -hex 32 > admin.token", and give the same to each server on this database.';
    items.push({ at: '--admin-token-file', message });
  }
  const [first] = items;
  if (first === undefined) return;
  const message = items.length === 1 ? first.message : 'Two secrets are missing.';
  throw new Problem('cannot_start', message, { items });
}
