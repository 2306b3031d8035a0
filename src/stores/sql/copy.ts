/** Copies everything that an instance remembers from one database to another, and compares every row. */
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { Problem } from '#domain/problem.ts';
import type { Db } from './engine.ts';
import type { TableName } from './schema.ts';

/** Belongs to a database, not to the instance in it. */
type OwnTable = 'schema_version' | 'notices';
type CopiedTableName = Exclude<TableName, OwnTable>;

/** Each table's primary key. A table stands after those that it refers to. */
const KEYS = {
  settings: ['name'],
  apps: ['id'],
  credentials: ['id'],
  channels: ['id'],
  channel_labels: ['channel_id', 'label'],
  bodies: ['hash'],
  channel_attempts: ['channel_id'],
  channel_states: ['channel_id'],
  api_keys: ['id'],
  transitions: ['id'],
  budgets: ['bucket'],
  upstream_tallies: ['upstream', 'slice_at', 'program'],
  profiles: ['channel_id'],
  portfolios: ['business_id'],
  token_facts: ['credential_id'],
  seen_numbers: ['credential_id', 'node_id'],
  channel_entities: ['channel_id', 'type', 'entity_id'],
  signs: ['channel_id', 'key'],
  incidents: ['id'],
  incident_members: ['incident_id', 'channel_id'],
  incident_events: ['incident_id', 'no'],
  receivers: ['id'],
  rules: ['id'],
  silences: ['id'],
  deliveries: ['id'],
  delivery_attempts: ['delivery_id', 'no'],
  webhooks: ['hash'],
  signals: ['id'],
  hinted_reads: ['channel_id'],
} as const satisfies Record<CopiedTableName, readonly string[]>;

const ROWS_MAX = 500;
/** Rows of these are up to some mebibytes each. */
const LARGE: ReadonlySet<CopiedTableName> = new Set(['bodies', 'webhooks']);
const LARGE_ROWS_MAX = 16;

export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
}

export interface Copy {
  /** Transactions, so that what is copied is one state, and all of it is there or nothing. */
  readonly from: Db;
  readonly to: Db;
  /** Told after each table. */
  readonly tell: (copied: CopiedTable) => void;
}

/** Problem `cannot_start` when a row differs afterwards. Precondition: `to` is empty. */
export async function copyInstance(copy: Copy): Promise<void> {
  for (const table of copiedTables()) {
    const rows = await copyTable(copy, table);
    copy.tell({ table, rows });
  }
}

/** The first table that has a row; null when the database holds nothing of any instance. */
export async function firstTableInUse(db: Db): Promise<string | null> {
  for (const table of copiedTables()) {
    const page = await pageOf(db, table, null);
    if (page.length > 0) return table;
  }
  return null;
}

function copiedTables(): readonly CopiedTableName[] {
  return Object.keys(KEYS).filter((name): name is CopiedTableName => Object.hasOwn(KEYS, name));
}

type Row = Readonly<Record<string, unknown>>;

async function copyTable({ from, to }: Copy, table: CopiedTableName): Promise<number> {
  let count = 0;
  for (let last: Row | null = null; ;) {
    const page: readonly Row[] = await pageOf(from, table, last);
    if (page.length > 0) await insert(to, table, page);
    // Whatever came in between would show as a row too many.
    compare(table, page, await pageOf(to, table, last));
    count += page.length;
    last = page.at(-1) ?? null;
    if (last === null) return count;
  }
}

/** The rows after `last` in the order of the primary key, as plain objects. */
async function pageOf(db: Db, table: CopiedTableName, last: Row | null): Promise<readonly Row[]> {
  const keys = KEYS[table].map((column) => sql.ref(column));
  const afterLast =
    last === null
      ? sql``
      : sql`where (${sql.join(keys)}) > (${sql.join(KEYS[table].map((column) => last[column]))})`;
  const limit = sql.lit(LARGE.has(table) ? LARGE_ROWS_MAX : ROWS_MAX);
  const query = sql<Row>`
    select * from ${sql.table(table)} ${afterLast} order by ${sql.join(keys)} limit ${limit}`;
  const { rows } = await query.execute(db);
  return rows.map((row) => ({ ...row }));
}

async function insert(db: Db, table: CopiedTableName, page: readonly Row[]): Promise<void> {
  const columns = Object.keys(page[0] ?? {});
  const rows = page.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(table)} (${names}) values ${sql.join(rows)}`.execute(db);
}

function compare(table: CopiedTableName, page: readonly Row[], copied: readonly Row[]): void {
  const at = page.findIndex((row, index) => !isDeepStrictEqual(comparable(row), copied[index]));
  if (at < 0 && copied.length === page.length) return;
  const row = page[at] ?? copied.at(-1) ?? {};
  const key = KEYS[table].map((column) => String(row[column])).join(', ');
  const message = `The row ${key} of ${table} is not the same after copying. Nothing was copied.`;
  throw new Problem('cannot_start', message);
}

/** PostgreSQL has no text with a NUL in it, and takes another character for that. */
function comparable(row: Row): Row {
  const cells = Object.entries(row).map(([column, value]) => [
    column,
    typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value,
  ]);
  return Object.fromEntries(cells);
}
