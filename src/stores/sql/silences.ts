/** Silences. They are kept for good: what was planned work stays out of uptime. */
import { type Selectable, sql } from 'kysely';
import type { Silence } from '#domain/telling/silence.ts';
import type { SilencesChange, SilencesView } from '#ports/telling.ts';
import { refuseTaken } from './conflict.ts';
import type { Db, Engine } from './engine.ts';
import { pageOf, rowsToAsk } from './paging.ts';
import type { SilencesTable } from './schema-incidents.ts';

const ROWS_MAX = 500;

export function silencesView(db: Db): SilencesView {
  return {
    find: (id) => findSilence(db, id, { isLocking: false }),
    async list(page, { isInForceAt = null }) {
      const asked = isInForceAt === null ? all(db) : inForceAt(db, isInForceAt);
      const rows = await asked
        .$if(page.after !== null, (query) => query.where(sql<boolean>`id < ${page.after}`))
        .orderBy('id', 'desc')
        .limit(rowsToAsk(page))
        .execute();
      return pageOf(rows.map(silenceOf), page, ({ id }) => id);
    },
    async inForce(now) {
      const rows = await inForceAt(db, now).orderBy('id').limit(ROWS_MAX).execute();
      return rows.map(silenceOf);
    },
    async over(now) {
      const query = all(db).where('ended_at', 'is', null).where('ends_at', '<=', now);
      const rows = await query.orderBy('ends_at').orderBy('id').limit(ROWS_MAX).execute();
      return rows.map(silenceOf);
    },
    async plannedWork({ from, until }) {
      const rows = await all(db)
        // As the index says it, or it would not be used.
        .where('is_excluded', '=', sql.lit(1))
        .where('ends_at', '>', from)
        .where('starts_at', '<', until)
        .orderBy('ends_at')
        .orderBy('id')
        .limit(ROWS_MAX)
        .execute();
      return rows.map(silenceOf);
    },
  };
}

export function silencesChange(db: Db, engine: Engine): SilencesChange {
  return {
    ...silencesView(db),
    find: (id) => findSilence(db, id, { isLocking: engine.rowLocks }),
    async add(silence) {
      const row = { id: silence.id, ...fieldsOf(silence) };
      const taken = { silences_id: `There is a silence with the id ${silence.id} already.` };
      await refuseTaken(taken, () => db.insertInto('silences').values(row).execute());
    },
    async replace(silence) {
      const set = db.updateTable('silences').set(fieldsOf(silence));
      await set.where('id', '=', silence.id).execute();
    },
  };
}

function all(db: Db) {
  return db.selectFrom('silences').selectAll();
}

/** `isInForce` of the domain, in SQL. */
function inForceAt(db: Db, at: number) {
  return all(db)
    .where('ended_at', 'is', null)
    .where('starts_at', '<=', at)
    .where('ends_at', '>', at);
}

async function findSilence(
  db: Db,
  id: string,
  { isLocking }: { readonly isLocking: boolean },
): Promise<Silence | null> {
  const row = await all(db)
    .where(sql<boolean>`id = ${id}`)
    .$if(isLocking, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row === undefined ? null : silenceOf(row);
}

function silenceOf(row: Selectable<SilencesTable>): Silence {
  return {
    id: row.id,
    match: JSON.parse(row.match),
    author: row.author,
    reason: row.reason,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    isExcluded: row.is_excluded === 1,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}

function fieldsOf(silence: Silence): Omit<SilencesTable, 'id'> {
  return {
    match: JSON.stringify(silence.match),
    author: silence.author,
    reason: silence.reason,
    starts_at: silence.startsAt,
    ends_at: silence.endsAt,
    is_excluded: silence.isExcluded ? 1 : 0,
    created_at: silence.createdAt,
    ended_at: silence.endedAt,
  };
}
