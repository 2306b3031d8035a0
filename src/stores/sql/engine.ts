/** What one engine does in its own way; all other SQL of this folder is common to every engine. */
import type { Expression, Kysely, Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/** A connection outside or inside a transaction. */
export type Db = Kysely<Schema>;

type ColumnType = 'text' | 'integer' | 'bigint' | 'blob' | 'bytea' | Expression<unknown>;

export interface Engine {
  /** Column types: text that sorts by its bytes, an integer that holds ms UTC, and bytes. */
  readonly text: ColumnType;
  readonly integer: ColumnType;
  readonly bytes: ColumnType;
  /** What follows each `create table`; null for nothing. */
  readonly tableOptions: Expression<unknown> | null;
  /** Keeps other programs from migrating until this transaction ends. */
  lockSchema(trx: Transaction<Schema>): Promise<void>;
}

/**
 * A unique index refused a row. Each engine's driver throws it, named by `<table>_<columns>`; the
 * nouns turn it into a Problem that says what is taken.
 */
export class TakenError extends Error {
  override readonly name = 'TakenError';
  readonly index: string;

  constructor(index: string, cause: unknown) {
    super(`unique index ${index} refused a row`, { cause });
    this.index = index;
  }
}
