/** Bodies of good reads: each distinct one is stored once, as long as something refers to it. */
import { createHash } from 'node:crypto';
import type { Db } from './engine.ts';

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

/** Erases a body that nothing refers to any more. */
export async function dropUnusedBody(db: Db, hash: string | null): Promise<void> {
  if (hash === null) return;
  await db
    .deleteFrom('bodies')
    .where('hash', '=', hash)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('channel_states').select('body_hash').where('body_hash', '=', hash),
        ),
      ),
    )
    .execute();
}
