/** Transitions, the verdicts that they tell, and the bodies behind them. */
import type { ChannelId } from '#domain/id.ts';
import { RECORDED_BEFORE_ALL } from '#domain/transition.ts';
import type { HistoryChange, HistoryView, SeenEntity } from '#ports/history.ts';
import type { Db, Engine } from './engine.ts';
import { eraseTransitionsOf, pruneTransitions } from './prune.ts';
import { listSteps, listTransitions } from './transition-list.ts';
import { columnsOf } from './transition-row.ts';

/** Rows a statement: SQLite takes 32,766 values, PostgreSQL 65,535, and a row has 18. */
const ADDED_AT_ONCE = 500;

export function historyView(db: Db): HistoryView {
  return {
    async recordedOf(id) {
      const row = await db
        .selectFrom('channel_states')
        .select(['messaging', 'calling', 'unknown_reason'])
        .where('channel_id', '=', id)
        .executeTakeFirst();
      if (row === undefined) return RECORDED_BEFORE_ALL;
      return { messaging: row.messaging, calling: row.calling, reason: row.unknown_reason };
    },
    list: (page, filter) => listTransitions(db, page, { filter, direction: 'desc' }),
    walk: (page, filter) => listTransitions(db, page, { filter, direction: 'asc' }),
    seriesOf: (id, about, page) => listSteps(db, page, { id, ...about }),
    entitiesSeen: (id, limit) => entitiesSeen(db, id, limit),
    async bodyOf(hash) {
      const query = db.selectFrom('bodies').select('bytes').where('hash', '=', hash);
      return (await query.executeTakeFirst())?.bytes ?? null;
    },
  };
}

export function historyChange(db: Db, engine: Engine): HistoryChange {
  return {
    ...historyView(db),
    async add(transitions) {
      for (let from = 0; from < transitions.length; from += ADDED_AT_ONCE) {
        const some = transitions.slice(from, from + ADDED_AT_ONCE);
        await db.insertInto('transitions').values(some.map(columnsOf)).execute();
      }
    },
    async record(id, { recorded: { messaging, calling, reason }, cause, worked }) {
      const since = worked && {
        worked_messaging_at: worked.messaging,
        worked_calling_at: worked.calling,
      };
      await db
        .updateTable('channel_states')
        .set({ messaging, calling, unknown_reason: reason, cause, ...since })
        .where('channel_id', '=', id)
        .execute();
    },
    prune: (about) => pruneTransitions(db, engine, about),
    eraseOf: (id, limit) => eraseTransitionsOf({ db, engine }, id, limit),
  };
}

/** One step in the index for each series: reading them all would cost as much as the history is long. */
async function entitiesSeen(db: Db, id: ChannelId, limit: number): Promise<readonly SeenEntity[]> {
  const seen: SeenEntity[] = [];
  for (let last = 'entity:'; seen.length < limit;) {
    const row = await db
      .selectFrom('transitions')
      .select(['series', 'subject_type', 'subject_id', 'capability'])
      .where('channel_id', '=', id)
      .where('series', '>', last)
      .where('series', '<', 'entity;')
      .orderBy('series')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) break;
    const { series, subject_type: type, subject_id, capability } = row;
    last = series;
    if (type === null || capability === null) continue;
    seen.push({ series, entity: { type, id: subject_id }, capability });
  }
  return seen;
}
