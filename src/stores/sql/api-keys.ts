/** API keys: hashes only, the text of a key is nowhere. */
import type { Selectable } from 'kysely';
import type { ApiKey } from '#domain/api-key.ts';
import type { ApiKeyId } from '#domain/id.ts';
import type { ApiKeysChange, ApiKeysView } from '#ports/api-keys.ts';
import { refuseTaken } from './conflict.ts';
import type { Db, Engine } from './engine.ts';
import type { ApiKeysTable } from './schema.ts';

export function apiKeysView(db: Db): ApiKeysView {
  return {
    find: (id) => findApiKey(db, id, { isLocking: false }),
    async findByHash(hash) {
      const row = await db
        .selectFrom('api_keys')
        .selectAll()
        .where('hash', '=', hash)
        // At most one is not revoked; a text that was a key more than once has revoked ones beside it.
        .orderBy((eb) => eb.case().when('revoked_at', 'is', null).then(0).else(1).end())
        .orderBy('revoked_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : apiKeyOf(row);
    },
    async listOf(channelId) {
      const query = db.selectFrom('api_keys').selectAll().where('channel_id', '=', channelId);
      return (await query.orderBy('created_at').orderBy('id').execute()).map(apiKeyOf);
    },
    async hashesOf(channelId) {
      const query = db.selectFrom('api_keys').select('hash').where('channel_id', '=', channelId);
      return [...new Set((await query.execute()).map((row) => row.hash))];
    },
  };
}

export function apiKeysChange(db: Db, engine: Engine): ApiKeysChange {
  return {
    ...apiKeysView(db),
    find: (id) => findApiKey(db, id, { isLocking: engine.rowLocks }),
    async add(key, hash) {
      await refuseTaken(taken(key), () =>
        db.insertInto('api_keys').values(rowOf(key, hash)).execute(),
      );
      await engine.announce(db, { noun: 'key', ref: hash });
    },
    async revoke(id, at) {
      const revoked = await db
        .updateTable('api_keys')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .returning('hash')
        .execute();
      for (const { hash } of revoked) await engine.announce(db, { noun: 'key', ref: hash });
    },
  };
}

async function findApiKey(
  db: Db,
  id: ApiKeyId,
  { isLocking }: { readonly isLocking: boolean },
): Promise<ApiKey | null> {
  const row = await db
    .selectFrom('api_keys')
    .selectAll()
    .where('id', '=', id)
    .$if(isLocking, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row === undefined ? null : apiKeyOf(row);
}

function apiKeyOf(row: Selectable<ApiKeysTable>): ApiKey {
  return {
    id: row.id,
    channelId: row.channel_id,
    origin: row.origin,
    hint: row.hint,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}

function rowOf(key: ApiKey, hash: string): ApiKeysTable {
  return {
    id: key.id,
    channel_id: key.channelId,
    hash,
    origin: key.origin,
    hint: key.hint,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
  };
}

function taken(key: ApiKey): Record<string, string> {
  return {
    api_keys_hash:
      key.origin === 'adopted'
        ? 'This key opens a channel already; revoke it there first.'
        : 'This key exists already.',
    api_keys_id: `There is an API key with the id ${key.id} already.`,
  };
}
