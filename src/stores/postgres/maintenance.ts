/** The shared database as a whole. Copies of it are made with PostgreSQL's own tools. */
import { type Kysely, sql } from 'kysely';
import { Problem } from '#domain/problem.ts';
import { COUNTED_TABLES } from '#ports/maintenance.ts';
import type { Maintenance, RowCounts } from '#ports/maintenance.ts';
import { schemaVersionOf } from '#stores/sql/migrations.ts';
import type { Schema } from '#stores/sql/schema.ts';

const OWN_TOOLS =
  'With PostgreSQL its own tools make backups: pg_dump --format=custom, and pg_restore to put one back. ' +
  'Keep the seal key with it, in another place.';

export function postgresMaintenance(db: Kysely<Schema>): Maintenance {
  return {
    facts: () =>
      db.transaction().execute(async (trx) => {
        const size = sql<{ name: string; bytes: number | string }>`
          select current_database() as name, pg_database_size(current_database()) as bytes`;
        const [about] = (await size.execute(trx)).rows;
        const schemaVersion = (await schemaVersionOf(trx))?.version ?? 0;
        return {
          engine: 'postgres',
          schemaVersion,
          location: `PostgreSQL database ${about?.name ?? ''}`,
          bytes: Number(about?.bytes ?? 0),
          rows: await rowsIn(trx),
        };
      }),
    backup: () => Promise.reject(new Problem('conflict', OWN_TOOLS)),
  };
}

async function rowsIn(db: Kysely<Schema>): Promise<RowCounts> {
  const counts = { channels: 0, credentials: 0, apps: 0, api_keys: 0, transitions: 0, bodies: 0 };
  for (const table of COUNTED_TABLES) {
    const query = db.selectFrom(table).select((eb) => eb.fn.countAll<number | string>().as('rows'));
    counts[table] = Number((await query.executeTakeFirstOrThrow()).rows);
  }
  return counts;
}
