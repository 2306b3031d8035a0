/** A transition between its row and its value. */
import type { Transition } from '#domain/transition.ts';
import type { TransitionsTable } from './schema.ts';

export function columnsOf(transition: Transition): TransitionsTable {
  return {
    id: transition.id,
    channel_id: transition.channelId,
    at: transition.at,
    kind: transition.kind,
    series: transition.series,
    capability: transition.capability,
    subject_type: storable(transition.subjectType),
    subject_id: storable(transition.subjectId),
    code: storable(transition.code),
    was: storable(transition.was),
    is: storable(transition.is),
    detail: storable(transition.detail),
    attempt: transition.attempt,
    started_at: transition.startedAt,
    trace_id: storable(transition.traceId),
    version: storable(transition.version),
    body_before: transition.bodyBefore,
    body_after: transition.bodyAfter,
  };
}

/** Foreign text as every engine takes it: no NUL and no half of a character. The body has it as it was. */
export function storable(text: string | null): string | null {
  return text === null ? null : text.toWellFormed().replaceAll('\0', '\u{fffd}');
}

export function transitionOf(row: TransitionsTable): Transition {
  return {
    id: row.id,
    channelId: row.channel_id,
    at: row.at,
    kind: row.kind,
    series: row.series,
    capability: row.capability,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    code: row.code,
    was: row.was,
    is: row.is,
    detail: row.detail,
    attempt: row.attempt,
    startedAt: row.started_at,
    traceId: row.trace_id,
    version: row.version,
    bodyBefore: row.body_before,
    bodyAfter: row.body_after,
  };
}
