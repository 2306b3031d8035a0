/**
 * How requests of the public route ended: plain numbers, because the fast lane counts each of its
 * answers.
 */

/**
 * `stored`: from memory, without anybody waiting. `read`: somebody waited for a read. `fields`: a read of
 * named fields. `not_modified`: 304. `unauthorized`: 401. `refused`: the request itself was wrong, or too
 * many were. `failed`: 500, nothing may be served.
 */
export const ANSWER_KINDS = [
  'stored',
  'read',
  'fields',
  'not_modified',
  'unauthorized',
  'refused',
  'failed',
] as const;
export type AnswerKind = (typeof ANSWER_KINDS)[number];

export type AnswerCounts = Record<AnswerKind, number>;

export function answerCounts(): AnswerCounts {
  return {
    stored: 0,
    read: 0,
    fields: 0,
    not_modified: 0,
    unauthorized: 0,
    refused: 0,
    failed: 0,
  };
}

/** What kind of answer a status other than 200 is. */
export function kindOfStatus(status: number): AnswerKind {
  if (status === 304) return 'not_modified';
  if (status === 401) return 'unauthorized';
  return status >= 500 ? 'failed' : 'refused';
}
