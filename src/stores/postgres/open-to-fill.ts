/** An empty PostgreSQL database as something to copy an instance into. */
import { Problem } from '#domain/problem.ts';
import type { Secret } from '#domain/secret.ts';
import type { Clock } from '#ports/clock.ts';
import type { Randomness } from '#ports/ids.ts';
import { firstTableInUse } from '#stores/sql/copy.ts';
import type { Db } from '#stores/sql/engine.ts';
import { createSealer } from '#stores/sql/sealing.ts';
import { kyselyOver, MIGRATING } from './connection.ts';
import { postgresEngine } from './engine.ts';
import { prepareDatabase } from './prepare.ts';
import { reach } from './reach.ts';

export interface TargetOptions {
  readonly url: Secret;
  readonly sealKey: Uint8Array;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/**
 * Runs `fill` in one transaction: all that it writes is there afterwards, or nothing. No server can start
 * on the database meanwhile. Problem `cannot_start` when it holds anything already.
 */
export async function withTarget<T>(
  { url, sealKey, clock, randomness }: TargetOptions,
  fill: (db: Db) => Promise<T>,
): Promise<T> {
  const engine = postgresEngine('copy');
  const sealer = createSealer(sealKey, randomness);
  await reach(() => prepareDatabase(url, { sealer, engine }), clock);
  const writer = kyselyOver(url, MIGRATING);
  try {
    return await writer.transaction().execute(async (db) => {
      // Whoever starts a server has to take it as well.
      await engine.lockSchema(db);
      const key = db.deleteFrom('settings').where('name', '=', 'seal_key_id').returningAll();
      const remembered = await key.executeTakeFirstOrThrow();
      const table = await firstTableInUse(db);
      if (table !== null) {
        const message = `The database is not empty: there are ${table} in it. Give an empty one.`;
        throw new Problem('cannot_start', message);
      }
      const filled = await fill(db);
      await db.insertInto('settings').values(remembered).execute();
      return filled;
    });
  } finally {
    await writer.destroy();
  }
}
