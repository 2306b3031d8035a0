/** What PostgreSQL does in its own way. */
import { sql } from 'kysely';
import type { Engine } from '#stores/sql/engine.ts';
import { announce } from './notices.ts';

/** Any number that is the same in every program of ours, and that no other program thinks of. */
const SCHEMA_LOCK = 836_078_360;

/** The engine as one of the programs on the database; `program` tells its notices from others'. */
export function postgresEngine(program: string): Engine {
  return {
    // By bytes, as on every other engine: a language's own order differs between machines.
    text: sql`text collate "C"`,
    integer: 'bigint',
    bytes: 'bytea',
    tableOptions: null,
    rowLocks: true,
    elementsOf: (json) => sql`json_array_elements(cast(${json} as json))`,
    announce: (db, notice) => announce(db, program, notice),
    // Held until the transaction ends, so it works through a pooler that changes sessions.
    async lockSchema(trx) {
      await sql`select pg_advisory_xact_lock(${sql.lit(SCHEMA_LOCK)})`.execute(trx);
    },
  };
}
