/**
 * What programs on one database tell each other: rows, which each reads every second. The id of a row
 * begins with the number of the transaction that wrote it, so that a reader knows exactly what it has not
 * seen: what was committed late has an old number, but none below the oldest that was still under way.
 */
import { type Kysely, sql } from 'kysely';
import type { Notice } from '#ports/store.ts';
import type { Db } from '#stores/sql/engine.ts';
import type { Schema } from '#stores/sql/schema.ts';

/** What LISTEN names; it only saves a reader the rest of its second. */
export const LISTEN_CHANNEL = 'waba_health';

/** Longer than any program that still runs has been out of touch: what is gone cannot be told. */
const KEEP_MS = 86_400_000;
const ROWS_MAX = 500;

/** As text, numbers of transactions sort as they count. */
const paddedXid = (xid: 'pg_current_xact_id()' | 'pg_snapshot_xmin(pg_current_snapshot())') =>
  sql<string>`lpad(${sql.raw(xid)}::text, 20, '0')`;

/** Tells the other programs, if and when the transaction commits. */
export async function announce(db: Db, program: string, { noun, ref }: Notice): Promise<void> {
  const what = `${noun}:${ref}`;
  // The same twice in one transaction is told once.
  await sql`
    with told as (
      insert into notices (id, noun, ref, at)
      values (
        ${paddedXid('pg_current_xact_id()')} || ${` ${program} ${what}`},
        ${noun}, ${ref}, floor(extract(epoch from clock_timestamp()) * 1000)::bigint
      )
      on conflict (id) do nothing
      returning id
    )
    select pg_notify(${LISTEN_CHANNEL}, ${what}) from told
  `.execute(db);
}

/** Where reading begins: everything that is committed from now on comes after it. */
export async function presentPosition(db: Kysely<Schema>): Promise<string> {
  return db.transaction().execute(positionOf);
}

export interface NoticeRow extends Notice {
  readonly id: string;
  readonly program: string;
}

/** Hands every notice from that position on to `take`, and gives the position for the next time. */
export async function readNotices(
  db: Kysely<Schema>,
  from: string,
  take: (row: NoticeRow) => void,
): Promise<string> {
  const transaction = db.transaction().setIsolationLevel('repeatable read');
  return transaction.setAccessMode('read only').execute(async (trx) => {
    const next = await positionOf(trx);
    let after = from;
    for (;;) {
      const query = trx.selectFrom('notices').select(['id', 'noun', 'ref']).where('id', '>', after);
      const rows = await query.orderBy('id').limit(ROWS_MAX).execute();
      for (const row of rows) take({ ...row, program: row.id.split(' ')[1] ?? '' });
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_MAX) return next;
      after = last.id;
    }
  });
}

/** Erases some of what is a day old; true when there may be more. */
export async function pruneNotices(db: Kysely<Schema>, now: number): Promise<boolean> {
  const old = sql<string>`(
    select id from notices where at < ${now - KEEP_MS} order by at, id limit ${sql.lit(ROWS_MAX)}
    for update skip locked)`;
  const { numDeletedRows } = await db
    .transaction()
    .execute((trx) => trx.deleteFrom('notices').where('id', 'in', old).executeTakeFirstOrThrow());
  return numDeletedRows === BigInt(ROWS_MAX);
}

/** The oldest transaction that is still under way: all before it are over, and were seen. */
async function positionOf(db: Db): Promise<string> {
  const asked = sql<{ position: string }>`
    select ${paddedXid('pg_snapshot_xmin(pg_current_snapshot())')} as position`;
  const { rows } = await asked.execute(db);
  if (rows[0] === undefined) throw new Error('the database tells no position');
  return rows[0].position;
}
