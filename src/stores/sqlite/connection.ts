/** `node:sqlite` in the shape that Kysely's SQLite dialect drives. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import type { Schema } from '#stores/sql/schema.ts';
import { translateEngineError } from './engine-error.ts';

/** Preparing a statement costs more than running it; the store has fewer distinct ones than this. */
const STATEMENTS_MAX = 200;

/**
 * Kysely over an open connection, which its `destroy` closes. `begin` is how transactions start: those
 * that write take the write lock at once, so that none fails half-way because another was faster.
 */
export function kyselyOver(
  database: DatabaseSync,
  begin: 'begin' | 'begin immediate',
): Kysely<Schema> {
  return new Kysely({ dialect: new SqliteDialect({ database: connectionOver(database, begin) }) });
}

function connectionOver(database: DatabaseSync, begin: string): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  /** What failed first in the transaction under way: it will not commit, as on other engines. */
  let failure: Error | null = null;

  function attempt<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      failure ??= translateEngineError(error);
      throw translateEngineError(error);
    }
  }

  const commands: Record<string, SqliteStatement> = {
    begin: command(() => {
      failure = null;
      attempt(() => database.exec(begin));
    }),
    commit: command(() => {
      if (failure !== null) throw failure;
      attempt(() => database.exec('commit'));
    }),
    rollback: command(() => {
      // Some errors, a full disk among them, have rolled back already.
      if (database.isTransaction) attempt(() => database.exec('rollback'));
    }),
  };

  function prepare(text: string): SqliteStatement {
    const statement = attempt(() => database.prepare(text));
    return {
      reader: statement.columns().length > 0,
      all: (values) => attempt(() => statement.all(...inputsOf(values))),
      run: (values) => attempt(() => statement.run(...inputsOf(values))),
      iterate: (values) => attempt(() => statement.iterate(...inputsOf(values))),
    };
  }

  return {
    prepare: (text) => commands[text] ?? recall(statements, text, prepare),
    close() {
      statements.clear();
      database.close();
    },
  };
}

/** The statement of this text, from among the most recently used or newly prepared. */
function recall(
  statements: Map<string, SqliteStatement>,
  text: string,
  prepare: (text: string) => SqliteStatement,
): SqliteStatement {
  const statement = statements.get(text) ?? prepare(text);
  // Moved to the end: a map keeps the order of insertion, so its first is the least recently used.
  statements.delete(text);
  statements.set(text, statement);
  const [oldest] = statements.keys();
  if (statements.size > STATEMENTS_MAX && oldest !== undefined) statements.delete(oldest);
  return statement;
}

function command(run: () => void): SqliteStatement {
  return {
    reader: false,
    all: () => [],
    run() {
      run();
      return { changes: 0, lastInsertRowid: 0 };
    },
    iterate: () => [].values(),
  };
}

function inputsOf(values: readonly unknown[]): SQLInputValue[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- SQLite itself refuses any other type
  return values as SQLInputValue[];
}
