/** The store that several programs share: a PostgreSQL database. */
import { type Kysely, sql } from 'kysely';
import { Problem } from '#domain/problem.ts';
import type { Secret } from '#domain/secret.ts';
import type { Clock } from '#ports/clock.ts';
import type { Ids, Randomness } from '#ports/ids.ts';
import type { OpenedStore } from '#stores/sql/opened-store.ts';
import type { Schema } from '#stores/sql/schema.ts';
import { createSealer, SEAL_KEY_BYTES, type Sealer } from '#stores/sql/sealing.ts';
import { createSqlStore } from '#stores/sql/store.ts';
import { kyselyOver, type Limits } from './connection.ts';
import { followDatabaseClock } from './database-clock.ts';
import { postgresEngine } from './engine.ts';
import { createFollower } from './follow.ts';
import { listen } from './listen.ts';
import { postgresMaintenance } from './maintenance.ts';
import { prepareDatabase, settle } from './prepare.ts';
import { reach } from './reach.ts';
import { rerunningChange } from './rerun.ts';

export interface PostgresStoreOptions {
  /** `postgresql://user:password@host/database`. */
  readonly url: Secret;
  /** 32 bytes, the same for every program on this database; null, when none was given, is refused. */
  readonly sealKey: Uint8Array | null;
  /** This machine's clock; the store's own follows the database's. */
  readonly clock: Clock;
  readonly ids: Ids;
  readonly randomness: Randomness;
}

/** Enough that no two programs on a database ever have the same name. */
const PROGRAM_BYTES = 8;
/** Together far below the 100 that a server allows by default, so that several programs fit. */
const READING: Limits = { connections: 4, statementMs: 10_000 };
const WRITING: Limits = { connections: 6, statementMs: 10_000 };

/**
 * Opens the store. Problem `cannot_start` when the database cannot be reached within a minute, is too
 * old or too new or not ours, or when the seal key is missing or another one.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<OpenedStore> {
  const { url, clock: system, ids, randomness } = options;
  const sealer = sealerOf(options);
  const program = Buffer.from(randomness.bytes(PROGRAM_BYTES)).toString('hex');
  const engine = postgresEngine(program);
  await reach(() => prepareDatabase(url, { sealer, engine }), system);
  await using opening = new AsyncDisposableStack();
  const reader = opening.adopt(kyselyOver(url, READING), (db) => db.destroy());
  const writer = opening.adopt(kyselyOver(url, WRITING), (db) => db.destroy());
  const instanceId = await reach(() => settle(writer, 'instance_id', ids.next('inst')), system);
  // Over a connection that is there already, so that making one is not taken for the round trip.
  const following = await reach(() => followDatabaseClock(system, () => nowIn(writer)), system);
  opening.defer(() => following.stop());
  const { clock } = following;
  const follower = await reach(() => createFollower({ reader, writer, clock, program }), system);
  opening.defer(() => follower.stop());
  const listening = listen(url, clock, () => follower.wake());
  opening.defer(() => listening.stop());
  const close = async () => resources.disposeAsync();
  const { follow } = follower;
  const store = createSqlStore({ reader, writer, engine, sealer, follow, close });
  const resources = opening.move();
  const maintenance = postgresMaintenance(reader);
  const deriveKey = (label: string) => sealer.derive(label, instanceId);
  return { ...store, change: rerunningChange(store), instanceId, clock, maintenance, deriveKey };
}

function sealerOf({ sealKey, randomness }: PostgresStoreOptions): Sealer {
  if (sealKey === null) {
    throw new Problem(
      'cannot_start',
      'With a database that programs share, the seal key must be given to each of them: make one ' +
        'with "openssl rand -hex 32 > seal.key", keep it safe, and name it with --seal-key-file.',
    );
  }
  if (sealKey.length !== SEAL_KEY_BYTES) {
    const message = `The seal key has ${sealKey.length} bytes and must have ${SEAL_KEY_BYTES}.`;
    throw new Problem('cannot_start', message);
  }
  return createSealer(sealKey, randomness);
}

async function nowIn(db: Kysely<Schema>): Promise<number> {
  const asked = sql<{ now: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`;
  const { rows } = await db.transaction().execute((trx) => asked.execute(trx));
  if (rows[0] === undefined) throw new Error('the database does not tell the time');
  return rows[0].now;
}
