/** Bodies of good reads: each distinct one is stored once, as long as something refers to it. */
import { createHash } from 'node:crypto';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import type { ChannelId } from '#domain/id.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds } from './json-rows.ts';

/** Stores a body unless it is there. `hash` must be its SHA-256: a wrong one would spoil others. */
export async function keepBody(db: Db, hash: string, bytes: Uint8Array): Promise<void> {
  if (createHash('sha256').update(bytes).digest('hex') !== hash) {
    throw new Error('a body must be stored under its own SHA-256');
  }
  await db
    .insertInto('bodies')
    .values({ hash, bytes })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();
}

/** Where a body can be referred to. */
const REFERENCES = [
  ['channel_states', 'body_hash'],
  ['transitions', 'body_before'],
  ['transitions', 'body_after'],
] as const;

/** Erases a body that nothing refers to any more. */
export async function dropUnusedBody(db: Db, hash: string): Promise<void> {
  await db.deleteFrom('bodies').where('hash', '=', hash).where(isUnused()).execute();
}

/** Erases those of these bodies that nothing refers to any more. */
export async function dropUnusedBodies(
  db: Db,
  engine: Engine,
  hashes: readonly string[],
): Promise<void> {
  if (hashes.length === 0) return;
  const named = jsonIds(engine, hashes);
  await db.deleteFrom('bodies').where('hash', 'in', named).where(isUnused()).execute();
}

function isUnused(): RawBuilder<SqlBool> {
  const used = REFERENCES.map(
    ([table, column]) =>
      sql`exists (select 1 from ${sql.table(table)} where ${sql.ref(column)} = bodies.hash)`,
  );
  return sql`not (${sql.join(used, sql` or `)})`;
}

/** Every body that a channel's state and history refer to. */
export async function bodiesOf(db: Db, channelId: ChannelId): Promise<ReadonlySet<string>> {
  const hashes = new Set<string>();
  for (const [table, column] of REFERENCES) {
    const rows = db.selectFrom(table).select(sql<string | null>`${sql.ref(column)}`.as('hash'));
    for (const { hash } of await rows.where('channel_id', '=', channelId).distinct().execute()) {
      if (hash !== null) hashes.add(hash);
    }
  }
  return hashes;
}
