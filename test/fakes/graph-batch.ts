/** Graph's answer to a batch, made of the answers to its items (docs/meta.md §4.3), and its reading. */
import assert from 'node:assert/strict';
import type { BatchAnswer } from '#ports/upstream.ts';
import type { ScriptedAnswer } from './scripted-server.ts';

/** One reply with these answers as items; null for one that was not finished. */
export function graphBatch(
  answers: readonly (ScriptedAnswer | null)[],
  outer: ScriptedAnswer = {},
): ScriptedAnswer {
  return { ...outer, body: JSON.stringify(answers.map(itemOf)) };
}

function itemOf(answer: ScriptedAnswer | null): unknown {
  if (answer === null) return null;
  const { status = 200, headers = {}, body = '' } = answer;
  const all = { 'content-type': 'application/json', ...headers };
  return {
    code: status,
    headers: Object.entries(all).map(([name, value]) => ({ name, value })),
    body: Buffer.from(body).toString('utf8'),
  };
}

/** `good`, the code of a failure, or null, for each item. */
export function wordsOf(batch: BatchAnswer): readonly unknown[] {
  assert.ok(batch.ok, JSON.stringify(batch));
  return batch.answers.map((answer) =>
    answer === null ? null : answer.ok ? 'good' : answer.failure.code,
  );
}
