/** How SQLite would run the queries of some work. */
import assert from 'node:assert/strict';
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Schema } from '#stores/sql/schema.ts';
import { rowsIn } from '#test/stores/open-in.ts';

/** Every step of the query's plan is a search of an index, and nothing is sorted. */
export function holdToIndexes(dataDir: string, query: CompiledQuery): void {
  for (const step of planOf(dataDir, query)) {
    assert.match(
      step,
      /USING (COVERING )?INDEX|^CORRELATED SCALAR SUBQUERY/,
      `${query.sql}: ${step}`,
    );
    assert.doesNotMatch(step, /TEMP B-TREE/, query.sql);
  }
}

export function planOf(dataDir: string, { sql, parameters }: CompiledQuery): readonly string[] {
  const bound = parameters.reduce<string>(
    (text, value) =>
      text.replace('?', typeof value === 'number' ? String(value) : `'${String(value)}'`),
    sql,
  );
  return rowsIn(dataDir, `explain query plan ${bound}`).map(({ detail }) => String(detail));
}

/** The queries of some work, without running them: each is answered by these rows. */
export async function queriesOf(
  work: (db: Kysely<Schema>) => Promise<unknown>,
  rows: readonly unknown[] = [],
): Promise<CompiledQuery[]> {
  const queries: CompiledQuery[] = [];
  const planner = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new AnsweringDriver(rows),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    log: (event) => void queries.push(event.query),
  });
  await work(planner);
  return queries;
}

class AnsweringDriver extends DummyDriver {
  readonly #rows: string;

  constructor(rows: readonly unknown[]) {
    super();
    this.#rows = JSON.stringify(rows);
  }

  override async acquireConnection() {
    const connection = await super.acquireConnection();
    return { ...connection, executeQuery: async () => ({ rows: JSON.parse(this.#rows) }) };
  }
}
