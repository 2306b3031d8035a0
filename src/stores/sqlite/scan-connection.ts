/** Kysely over the thread that scans: one connection, which one transaction has at a time. */
import {
  type DatabaseConnection,
  type Driver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Schema } from '#stores/sql/schema.ts';
import { ScanThread } from './scan-thread.ts';

const PROGRAM = new URL('./scan-worker.ts', import.meta.url);

/** Nothing starts before the first query. `destroy` ends the thread; `program` is what it runs. */
export function scannerOver(databasePath: string, program: URL = PROGRAM): Kysely<Schema> {
  return new Kysely({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new ScanDriver(databasePath, program),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}

class ScanDriver implements Driver {
  readonly #path: string;
  readonly #program: URL;
  #thread: ScanThread | null = null;
  /** The end of the last one in the queue for the connection. */
  #queue: Promise<void> = Promise.resolve();

  constructor(path: string, program: URL) {
    this.#path = path;
    this.#program = program;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<ScanConnection> {
    const before = this.#queue;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#queue = promise;
    await before;
    if (this.#thread === null || this.#thread.ended) {
      this.#thread = new ScanThread(this.#path, this.#program);
    }
    return new ScanConnection(this.#thread, resolve);
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    if (connection instanceof ScanConnection) connection.release();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await run(connection, 'begin');
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await run(connection, 'commit');
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A thread that ended took its transaction with it; what ended it is the error to tell.
    if (connection instanceof ScanConnection && connection.ended) return;
    await run(connection, 'rollback');
  }

  async destroy(): Promise<void> {
    await this.#queue;
    await this.#thread?.close();
  }
}

class ScanConnection implements DatabaseConnection {
  readonly #thread: ScanThread;
  readonly release: () => void;

  constructor(thread: ScanThread, release: () => void) {
    this.#thread = thread;
    this.release = release;
  }

  get ended(): boolean {
    return this.#thread.ended;
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the interface has it
  async executeQuery<R>({ sql, parameters }: Statement): Promise<{ rows: R[] }> {
    const { columns, rows } = await this.#thread.run({ sql, parameters });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as in every driver, the query says so
    return { rows: rows.map((row) => objectOf(columns, row)) as R[] };
  }

  streamQuery(): never {
    throw new Error('a scan reads page by page');
  }
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

async function run(connection: DatabaseConnection, sql: string): Promise<void> {
  if (connection instanceof ScanConnection) await connection.executeQuery({ sql, parameters: [] });
}

function objectOf(columns: readonly string[], row: readonly unknown[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  columns.forEach((column, at) => {
    object[column] = row[at];
  });
  return object;
}
