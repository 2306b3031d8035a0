/**
 * Many rows as one parameter: a JSON array of arrays, taken apart by the engine. The text of a statement
 * then does not depend on how many rows it has, so that it is prepared once, and no limit on parameters
 * is ever met.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Engine } from './engine.ts';

export type Cell = string | number | null;

type ColumnKinds = Readonly<Record<string, 'text' | 'integer'>>;

/** A query whose rows are these, with the columns in the order of their names here. */
export function jsonRows<C extends ColumnKinds>(
  engine: Engine,
  columns: C,
  rows: readonly Readonly<Record<keyof C, Cell>>[],
): RawBuilder<{ [K in keyof C]: C[K] extends 'text' ? string : number }> {
  const names = Object.keys(columns);
  const cells = names.map((name, at) => {
    const cell = sql`value ->> ${sql.lit(at)}`;
    const isText = columns[name] === 'text';
    return sql`${isText ? cell : integer(engine, cell)} as ${sql.ref(name)}`;
  });
  const json = JSON.stringify(rows.map((row) => names.map((name) => row[name])));
  return sql`(select ${sql.join(cells)} from ${engine.elementsOf(json)})`;
}

/** The ids of a list as a query of one column. */
export function jsonIds<T extends string>(engine: Engine, ids: readonly T[]): RawBuilder<T> {
  const json = JSON.stringify(ids.map((id) => [id]));
  return sql`(select value ->> 0 from ${engine.elementsOf(json)})`;
}

function integer({ integer: type }: Engine, cell: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`cast(${cell} as ${typeof type === 'string' ? sql.raw(type) : type})`;
}
