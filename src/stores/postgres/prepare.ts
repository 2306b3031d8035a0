/** A database made ready for a program: known to be ours, of this program's schema, and of its seal key. */
import type { Kysely } from 'kysely';
import { Problem } from '#domain/problem.ts';
import type { Secret } from '#domain/secret.ts';
import type { Engine } from '#stores/sql/engine.ts';
import { migrate } from '#stores/sql/migrations.ts';
import type { Schema } from '#stores/sql/schema.ts';
import { refuseWrongKey } from '#stores/sql/seal-check.ts';
import type { Sealer } from '#stores/sql/sealing.ts';
import { kyselyOver, MIGRATING } from './connection.ts';
import { examineDatabase } from './examine.ts';

/** Looks at the database, brings its schema up to date, and tells it, or compares, the seal key. */
export async function prepareDatabase(
  url: Secret,
  { sealer, engine }: { readonly sealer: Sealer; readonly engine: Engine },
): Promise<void> {
  const db = kyselyOver(url, MIGRATING);
  try {
    const found = await examineDatabase(db);
    refuseWrongKey(sealer, found.sealed);
    refuseOtherKey(sealer, found.sealKeyId ?? sealer.keyId);
    await migrate(db, engine);
    refuseOtherKey(sealer, await settle(db, 'seal_key_id', sealer.keyId));
  } finally {
    await db.destroy();
  }
}

/** Problem `cannot_start` also where nothing sealed is stored yet that would tell. */
function refuseOtherKey({ keyId }: Sealer, expected: string): void {
  if (keyId === expected) return;
  throw new Problem(
    'cannot_start',
    `The seal key is not the one that this database was started with: it has the id ${keyId}, ` +
      `that one ${expected}. Give every program on this database the same key.`,
  );
}

/** Writes a setting unless it is there: of programs that do so at once, one decides for all. */
export async function settle(
  db: Kysely<Schema>,
  name: 'instance_id' | 'seal_key_id',
  value: string,
): Promise<string> {
  return db.transaction().execute(async (trx) => {
    await trx
      .insertInto('settings')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    const setting = trx.selectFrom('settings').select('value').where('name', '=', name);
    return (await setting.executeTakeFirstOrThrow()).value;
  });
}
