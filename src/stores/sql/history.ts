/** Transitions, and the verdicts that they tell. */
import type { Transition } from '#domain/transition.ts';
import { RECORDED_BEFORE_ALL } from '#domain/transition.ts';
import type { HistoryChange, HistoryView } from '#ports/history.ts';
import type { Db } from './engine.ts';
import type { TransitionsTable } from './schema.ts';

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
  };
}

export function historyChange(db: Db): HistoryChange {
  return {
    ...historyView(db),
    async add(transitions) {
      if (transitions.length === 0) return;
      await db.insertInto('transitions').values(transitions.map(rowOf)).execute();
    },
    async record(id, { recorded: { messaging, calling, reason }, cause }) {
      await db
        .updateTable('channel_states')
        .set({ messaging, calling, unknown_reason: reason, cause })
        .where('channel_id', '=', id)
        .execute();
    },
  };
}

function rowOf(transition: Transition): TransitionsTable {
  return {
    id: transition.id,
    channel_id: transition.channelId,
    at: transition.at,
    kind: transition.kind,
    series: transition.series,
    capability: transition.capability,
    subject_type: transition.subjectType,
    subject_id: transition.subjectId,
    code: transition.code,
    was: transition.was,
    is: transition.is,
    detail: transition.detail,
    attempt: transition.attempt,
    started_at: transition.startedAt,
    trace_id: transition.traceId,
    version: transition.version,
    body_before: transition.bodyBefore,
    body_after: transition.bodyAfter,
  };
}
