/**
 * The schema's history: append-only and numbered. Each migration runs in a transaction of its own, so a
 * program that dies half-way leaves a database that the next start continues.
 */
import { Problem } from '#domain/problem.ts';
import type { Transaction } from 'kysely';
import type { Db, Engine } from './engine.ts';
import { foundation } from './migrations/0001-foundation.ts';
import { fleet } from './migrations/0002-fleet.ts';
import { incidents } from './migrations/0003-incidents.ts';
import { signals } from './migrations/0004-signals.ts';
import type { Schema } from './schema.ts';

interface Migration {
  /**
   * The number of migrations that a program must know, at least, to work with a database that has this
   * one. Purely additive migrations keep their predecessor's, so that replicas upgrade one by one.
   */
  readonly oldestProgram: number;
  up(db: Db, engine: Engine): Promise<void>;
}

/** Migration number n is the nth of these. */
const MIGRATIONS: readonly Migration[] = [
  { oldestProgram: 1, up: foundation },
  // A program of schema 1 adds channels without a due time, which nobody would ever read.
  { oldestProgram: 2, up: fleet },
  // A program of schema 2 would write what it sees without opening an incident for it.
  { oldestProgram: 3, up: incidents },
  { oldestProgram: 3, up: signals },
];

/** The schema that this program builds. */
export const PROGRAM_VERSION = MIGRATIONS.length;

export interface SchemaVersion {
  readonly version: number;
  readonly oldestProgram: number;
}

/** Throws Problem `cannot_start` when this program is too old for a database of that version. */
export function refuseNewerSchema(found: SchemaVersion): void {
  if (found.oldestProgram <= PROGRAM_VERSION) return;
  throw new Problem(
    'cannot_start',
    `The database has schema ${found.version}, which needs a program that knows schema ` +
      `${found.oldestProgram}; this one knows ${PROGRAM_VERSION}. Start a newer waba-health, or ` +
      'restore the backup made before the upgrade.',
  );
}

/**
 * Brings the database to this program's schema, or leaves a newer compatible one as it is. Safe when
 * several programs do it at once. Problem `cannot_start` when the database is too new.
 */
export async function migrate(db: Db, engine: Engine): Promise<void> {
  while (await db.transaction().execute((trx) => applyNext(trx, engine))) {
    // One transaction a migration, until there is none left.
  }
}

/** The version row; null in a database that was never migrated. Precondition: its table exists. */
export async function schemaVersionOf(db: Db): Promise<SchemaVersion | null> {
  const row = await db.selectFrom('schema_version').selectAll().executeTakeFirst();
  return row === undefined ? null : { version: row.version, oldestProgram: row.oldest_program };
}

async function applyNext(trx: Transaction<Schema>, engine: Engine): Promise<boolean> {
  await engine.lockSchema(trx);
  await createVersionTable(trx, engine);
  const found = (await schemaVersionOf(trx)) ?? { version: 0, oldestProgram: 0 };
  refuseNewerSchema(found);
  const next = MIGRATIONS[found.version];
  if (next === undefined) return false;
  await next.up(trx, engine);
  const row = { version: found.version + 1, oldest_program: next.oldestProgram };
  await trx
    .insertInto('schema_version')
    .values({ id: 1, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
  return true;
}

async function createVersionTable(db: Db, { integer, tableOptions }: Engine): Promise<void> {
  const table = db.schema
    .createTable('schema_version')
    .ifNotExists()
    .addColumn('id', integer, (c) => c.primaryKey().notNull())
    .addColumn('version', integer, (c) => c.notNull())
    .addColumn('oldest_program', integer, (c) => c.notNull());
  await (tableOptions === null ? table : table.modifyEnd(tableOptions)).execute();
}
