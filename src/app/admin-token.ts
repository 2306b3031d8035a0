/**
 * The administrator's token: made at the first start and handed over in `admin.token`, or given by
 * option. The store keeps its hash only, so a lost token cannot be looked up, only replaced.
 */
import { join } from 'node:path';
import { ADMIN_TOKEN_FILE } from '#config/data-dir.ts';
import type { Secret } from '#domain/secret.ts';
import type { TokenCheck } from '#http/context.ts';
import type { Digest } from '#ports/digest.ts';
import type { Randomness } from '#ports/ids.ts';
import type { Store } from '#ports/store.ts';
import { readOwnFile, writeOwnFile } from './own-file.ts';
import { tokenCheck } from './token-check.ts';

export interface AdminTokenDeps {
  readonly store: Store;
  readonly digest: Digest;
  readonly randomness: Randomness;
  readonly dataDir: string;
}

export interface AdminToken extends TokenCheck {
  /** What the operator should know; null when all is as usual. */
  readonly notice: string | null;
  /** The file in which the token lies; null when it was given by option or is not there. */
  readonly file: string | null;
}

/** Makes the token known to the store, and hands a new one over. */
export async function prepareAdminToken(
  deps: AdminTokenDeps,
  given: Secret | null,
): Promise<AdminToken> {
  if (given !== null) {
    const hash = deps.digest.sha256Hex(given.reveal());
    await rememberHash(deps.store, hash);
    return adminToken(deps.digest, hash, { notice: null, file: null });
  }
  const known = await deps.store.read((view) => view.settings.get('admin_token_hash'));
  if (known === null) {
    const { hash, file } = await replaceAdminToken(deps);
    return adminToken(deps.digest, hash, { notice: null, file });
  }
  return adminToken(deps.digest, known, await handOverOf(deps, known));
}

/** Makes a new token, writes it to `admin.token` and its hash to the store; the old one ends. */
export async function replaceAdminToken(deps: AdminTokenDeps) {
  const file = join(deps.dataDir, ADMIN_TOKEN_FILE);
  const token = `wha_${Buffer.from(deps.randomness.bytes(32)).toString('base64url')}`;
  const hash = deps.digest.sha256Hex(token);
  // The file first: a hash whose token nobody has would lock everybody out.
  await writeOwnFile(file, `${token}\n`);
  await rememberHash(deps.store, hash);
  return { hash, file };
}

async function rememberHash(store: Store, hash: string): Promise<void> {
  await store.change(async (tx) => {
    if ((await tx.settings.get('admin_token_hash')) !== hash) {
      await tx.settings.put('admin_token_hash', hash);
    }
  });
}

async function handOverOf(deps: AdminTokenDeps, hash: string) {
  const file = join(deps.dataDir, ADMIN_TOKEN_FILE);
  const text = await readOwnFile(file);
  const anew = 'stop the server and run "waba-health db admin-token" to get a new one';
  if (text === null) {
    return {
      notice: `${file} is not there. The token still works; if it is lost, ${anew}`,
      file: null,
    };
  }
  if (deps.digest.sha256Hex(text.trim()) === hash) return { notice: null, file };
  return {
    notice: `${file} does not hold the token that is in force; if it is lost, ${anew}`,
    file: null,
  };
}

function adminToken(
  digest: Digest,
  hash: string,
  about: { notice: string | null; file: string | null },
): AdminToken {
  return { ...about, ...tokenCheck(digest, hash) };
}
