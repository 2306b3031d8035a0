/** The health of many nodes in one request. */
import type { Answer, BatchAnswer, Question } from '#ports/upstream.ts';
import { healthAnswer } from '#upstreams/transport/ask.ts';
import type { Asking } from '#upstreams/transport/ask.ts';
import { askBatch, BATCH_ITEMS_MAX } from './batch.ts';
import type { GraphCalls } from './graph-calls.ts';
import { nodeIdOf, unaskable } from './graph-calls.ts';
import type { ItemReply } from './item-reply.ts';

/**
 * Questions that cannot be put are answered without being sent, as alone. Precondition: 50 at most.
 * The token of the first that can be is the batch's own: when Meta rejects it, the batch fails as a
 * whole (docs/meta.md §8.15).
 */
export async function readHealthBatch(
  calls: GraphCalls,
  questions: readonly Question[],
  timeoutMs: number,
): Promise<BatchAnswer> {
  if (questions.length > BATCH_ITEMS_MAX) {
    throw new Error(`A batch takes ${BATCH_ITEMS_MAX} questions, not ${questions.length}.`);
  }
  const refusals = questions.map((each) => unaskable(each.access.secret, nodeIdOf(each)));
  const put = questions.filter((_, index) => refusals[index] === null);
  const [first] = put;
  const items = put.map((question) => ({
    access: question.access,
    path: `${nodeIdOf(question)}?fields=health_status`,
  }));
  const batch =
    first === undefined
      ? NOTHING
      : await askBatch(calls, { access: first.access, items, timeoutMs });
  if (!batch.ok) return batch;
  const replies = batch.replies.values();
  const answers = refusals.map((failure): Answer | null => {
    if (failure !== null) return { ok: false, failure, usage: [] };
    return answerIn(calls.asking, replies.next().value ?? null);
  });
  return { ok: true, answers };
}

const NOTHING = { ok: true, replies: [] } as const;

function answerIn(asking: Asking, reply: ItemReply | null): Answer | null {
  if (reply === null || !reply.ok) return reply;
  return healthAnswer(asking, reply.heard);
}
