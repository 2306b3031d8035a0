/**
 * What Kysely drives. A transaction carries all its settings in itself, and no statement has a name or
 * leaves anything in its session: it works through a pooler that gives each transaction another one.
 */
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import type { TransactionSettings } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { translateEngineError } from './engine-error.ts';

/**
 * A program that stands still inside a transaction, because its machine suspended it, holds its locks no
 * longer than this: the others need them.
 */
const IDLE_IN_TRANSACTION_MS = 10_000;

/** A driver over this pool, in whose transactions no statement takes longer than `statementMs`. */
export function createDriver(pool: Pool, statementMs: number): Driver {
  return {
    init: () => Promise.resolve(),
    async acquireConnection() {
      try {
        return new Session(await pool.connect());
      } catch (error) {
        throw translateEngineError(error);
      }
    },
    beginTransaction: (connection, settings) =>
      // One message with the beginning: limits that cost no round trip.
      sessionOf(connection).run(
        `${beginning(settings)}; set local statement_timeout = ${statementMs}; ` +
          `set local idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}`,
      ),
    commitTransaction: (connection) => sessionOf(connection).commit(),
    rollbackTransaction: (connection) => sessionOf(connection).rollback(),
    async releaseConnection(connection) {
      sessionOf(connection).release();
    },
    destroy: () => pool.end(),
  };
}

function beginning({ isolationLevel, accessMode }: TransactionSettings): string {
  const isolation = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`;
  return `start transaction${isolation}${accessMode === undefined ? '' : ` ${accessMode}`}`;
}

/** A connection from when it is taken from the pool to when it is given back. */
class Session implements DatabaseConnection {
  readonly #client: PoolClient;
  /** What failed first: then nothing will be committed, and this is why. */
  #failure: Error | null = null;
  #isBroken = false;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { command, rowCount, rows } = await this.#query(sql, parameters.map(storable));
    const changes = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(command);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Kysely alone knows what it asked for
    return { ...(changes && { numAffectedRows: BigInt(rowCount ?? 0) }), rows: rows as R[] };
  }

  streamQuery(): never {
    throw new Error('results are read in pages');
  }

  /** Runs several statements that give nothing back. */
  async run(statements: string): Promise<void> {
    await this.#query(statements);
  }

  async commit(): Promise<void> {
    // PostgreSQL would roll back without calling that an error.
    if (this.#failure !== null) throw this.#failure;
    await this.run('commit');
  }

  async rollback(): Promise<void> {
    try {
      await this.run('rollback');
    } catch (error) {
      this.#isBroken = true;
      throw error;
    }
  }

  release(): void {
    this.#client.release(this.#isBroken);
  }

  async #query(text: string, values: unknown[] = []) {
    try {
      return await this.#client.query<Record<string, unknown>>(text, values);
    } catch (error) {
      const translated = translateEngineError(error);
      this.#failure ??= translated;
      throw translated;
    }
  }
}

/** PostgreSQL's texts hold any character but this one, which foreign words may bring along. */
function storable(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;
}

function sessionOf(connection: DatabaseConnection): Session {
  if (connection instanceof Session) return connection;
  throw new Error('a connection of another driver');
}
