/** The connections to a PostgreSQL database: made when needed and, when they break, made anew. */
import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { Pool, TypeOverrides } from 'pg';
import type { Secret } from '#domain/secret.ts';
import type { Schema } from '#stores/sql/schema.ts';
import { connectionOptions } from './connection-options.ts';
import { createDriver } from './driver.ts';

export interface Limits {
  /** Connections at a time. */
  readonly connections: number;
  /** The most that one statement may take, in ms, waiting for locks included. */
  readonly statementMs: number;
}

/** Building an index over a large table takes its time, and so does waiting for who builds it. */
export const MIGRATING: Limits = { connections: 1, statementMs: 600_000 };

/** How long the answer to a statement may be overdue before we believe that nobody will send it. */
const GRACE_MS = 5_000;

/** Object identifiers of types (https://www.postgresql.org/docs/current/catalog-pg-type.html). */
const INT8 = 20;
const NUMERIC = 1_700;
const BYTEA = 17;

/** Kysely over a pool of connections, which its `destroy` closes. */
export function kyselyOver(url: Secret, limits: Limits): Kysely<Schema> {
  const pool = new Pool({
    ...connectionOptions(url),
    max: limits.connections,
    query_timeout: limits.statementMs + GRACE_MS,
    types: ourTypes(),
  });
  // Whoever uses a connection learns from its statements that it broke; nobody else needs to know.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => createDriver(pool, limits.statementMs),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

/** Integers are numbers, and bytes are bytes and no buffer. */
function ourTypes(): TypeOverrides {
  const types = new TypeOverrides();
  types.setTypeParser(INT8, numberOf);
  // What a sum of integers is.
  types.setTypeParser(NUMERIC, numberOf);
  types.setTypeParser(BYTEA, (hex: string) => {
    const bytes = Buffer.from(hex.slice('\\x'.length), 'hex');
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  });
  return types;
}

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) || text.includes('.')) return number;
  throw new RangeError(`${text} is too large for a number`);
}
