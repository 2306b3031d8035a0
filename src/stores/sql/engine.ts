/** What one engine does in its own way; all other SQL of this folder is common to every engine. */
import type { Expression, Kysely, RawBuilder, Transaction } from 'kysely';
import type { Notice } from '#ports/store.ts';
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
  /**
   * Whether others may write beside a change: then rows that a change builds on are locked (`for update`),
   * and rows that others have locked are passed over when claiming.
   */
  readonly rowLocks: boolean;
  /** The elements of a JSON array as rows with a column `value`. */
  elementsOf(json: string): RawBuilder<unknown>;
  /** Tells other programs on the same store, once the transaction commits. */
  announce(db: Db, notice: Notice): Promise<void>;
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
