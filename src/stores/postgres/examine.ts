/** Looks at a database before anything in it is touched. */
import { type Kysely, sql } from 'kysely';
import { Problem } from '#domain/problem.ts';
import { refuseNewerSchema, schemaVersionOf } from '#stores/sql/migrations.ts';
import type { Schema } from '#stores/sql/schema.ts';
import { type SealedValue, sealedSamplesOf } from '#stores/sql/seal-check.ts';

/** The oldest version that still gets corrections (https://www.postgresql.org/support/versioning/). */
const VERSION_MIN = 150_000;

/** What lies there already. */
export interface Found {
  /** The id of the seal key that this database belongs to; null before its first start. */
  readonly sealKeyId: string | null;
  /** One sealed value of each column that has any: what a seal key must open. */
  readonly sealed: readonly SealedValue[];
}

/** Problem `cannot_start` when it is none that we can work with. */
export async function examineDatabase(db: Kysely<Schema>): Promise<Found> {
  return db
    .transaction()
    .setAccessMode('read only')
    .execute(async (trx) => {
      const { rows } = await sql<Described>`
        select current_setting('server_version_num')::int as version,
          current_setting('server_version') as version_text,
          current_setting('server_encoding') as encoding,
          to_regclass('schema_version') is not null as is_ours,
          exists (select from pg_tables where schemaname = current_schema()) as has_tables
      `.execute(trx);
      const [described] = rows;
      if (described === undefined) throw new Error('the database does not describe itself');
      refuseUnfit(described);
      const version = described.is_ours ? await schemaVersionOf(trx) : null;
      if (version === null) return { sealKeyId: null, sealed: [] };
      refuseNewerSchema(version);
      return {
        sealKeyId: await sealKeyIdOf(trx),
        sealed: await sealedSamplesOf(trx, version.version),
      };
    });
}

export interface Described {
  readonly version: number;
  readonly version_text: string;
  readonly encoding: string;
  readonly is_ours: boolean;
  readonly has_tables: boolean;
}

/** Problem `cannot_start` when it is too old, in another encoding, or somebody else's. */
export function refuseUnfit(database: Described): void {
  if (database.version < VERSION_MIN) {
    throw new Problem(
      'cannot_start',
      `The database is PostgreSQL ${database.version_text}; waba-health needs ` +
        `${VERSION_MIN / 10_000} or newer.`,
    );
  }
  if (database.encoding !== 'UTF8') {
    throw new Problem(
      'cannot_start',
      `The database has the encoding ${database.encoding}, in which not every name can be written. ` +
        "Create one with: create database … encoding 'UTF8' template template0",
    );
  }
  if (database.has_tables && !database.is_ours) {
    const message =
      'The database holds tables of another program. Give waba-health one of its own.';
    throw new Problem('cannot_start', message);
  }
}

/** The id of the seal key that the database was told at its first start. */
async function sealKeyIdOf(db: Kysely<Schema>): Promise<string | null> {
  const query = db.selectFrom('settings').select('value').where('name', '=', 'seal_key_id');
  return (await query.executeTakeFirst())?.value ?? null;
}
