/**
 * `GET /health_status`: whose key it is, what is asked, what the monitor decides, and all of it as bytes.
 * The fast lane answers the plain case before a request comes here; both write through `answerReply`.
 */
import type { IncomingMessage } from 'node:http';
import { Problem } from '#domain/problem.ts';
import type { ProblemCode } from '#domain/problem.ts';
import type { HealthAnswer } from '#monitor/answer-health.ts';
import type { FieldsResult } from '#monitor/read-fields.ts';
import { keyOf, unauthorized } from './api-key-auth.ts';
import type { KeyContext } from './api-key-auth.ts';
import type { HttpContext } from './context.ts';
import { failureSentence } from './failure-sentence.ts';
import { fieldsIn } from './fields-query.ts';
import type { Described } from './health-headers.ts';
import { etagOf, healthHeaders, timesOf } from './health-headers.ts';
import { kindOfStatus } from './metrics/answer-counts.ts';
import type { AnswerKind } from './metrics/answer-counts.ts';
import type { Reply } from './reply.ts';
import { bytesAsText, errorReply, retryAfter } from './reply.ts';
import { matchesEtag, maxAgeMsIn } from './request-headers.ts';
import { verdictHeaders } from './verdict-headers.ts';

/** What an operator need not hear of: the upstream gave nothing, or may not be asked. */
const ORDINARY: ReadonlySet<ProblemCode> = new Set(['check_failed', 'budget_exhausted']);

/** The answer to a GET or HEAD. Does not throw: an error of ours is told and becomes a 500. */
export async function healthStatusReply(
  request: IncomingMessage,
  about: KeyContext,
): Promise<Reply> {
  const reply = await replyOrProblem(request, about);
  if (reply.status !== 200) about.context.metrics.answers[kindOfStatus(reply.status)] += 1;
  return reply;
}

async function replyOrProblem(request: IncomingMessage, about: KeyContext): Promise<Reply> {
  try {
    return await replyTo(request, about);
  } catch (error) {
    const { events } = about.context.monitor.deps;
    const { method = '' } = request;
    if (!(error instanceof Problem) || !ORDINARY.has(error.code)) {
      events.emit('request_failed', { method, route: '/health_status', error });
    }
    return problemReply(error);
  }
}

async function replyTo(request: IncomingMessage, about: KeyContext): Promise<Reply> {
  const { context } = about;
  const key = await keyOf(request, about);
  if ('status' in key) return key;
  const wish = fieldsIn(queryOf(request.url ?? ''));
  if (!wish.ok) return errorReply(400, wish.error);
  const maxAgeMs = maxAgeMsIn(request.headers['cache-control']);
  const ifNoneMatch = request.headers['if-none-match'];
  if (wish.fields === null) {
    const answer = await context.monitor.answerHealth({ key, maxAgeMs });
    return healthReply(answer, { context, ifNoneMatch });
  }
  const result = await context.monitor.readFields({ key, fields: wish.fields, maxAgeMs });
  return fieldsReply(result, { context, ifNoneMatch });
}

interface ReplyContext {
  readonly context: HttpContext;
  readonly ifNoneMatch: string | undefined;
}

function healthReply(answer: HealthAnswer, { context, ifNoneMatch }: ReplyContext): Reply {
  if (answer.kind === 'unauthorized') return unauthorized();
  if (answer.kind === 'failed') {
    const { failure, retryAfterMs } = answer;
    return errorReply(500, failureSentence(failure.code), retryAfter(retryAfterMs));
  }
  const { held, servable, story } = answer;
  const now = context.clock.now();
  const described = {
    ...timesOf(servable, now),
    bodyLength: servable.body.byteLength,
    etag: etagOf(servable.bodyHash),
    story,
    verdict: verdictHeaders(held, context.digest, now),
  };
  const kind = story.hit ? 'stored' : 'read';
  return answerReply(described, servable.body, { context, ifNoneMatch, kind });
}

function fieldsReply(result: FieldsResult, { context, ifNoneMatch }: ReplyContext): Reply {
  if (result.kind === 'unauthorized') return unauthorized();
  if (result.kind === 'too_many') {
    const error = 'Too many reads of named fields for this channel. Ask again later.';
    return errorReply(429, error, retryAfter(result.retryAfterMs));
  }
  if (result.kind === 'failed') {
    const { failure, retryAfterMs } = result;
    // Graph's (#100) is about the fields that the client named: only its sentence tells which.
    const error = failure.graphCode === 100 ? failure.detail : failureSentence(failure.code);
    return errorReply(500, error, retryAfter(retryAfterMs));
  }
  const { held, body, readAt, story } = result;
  const now = context.clock.now();
  const keepMs = context.monitor.deps.policy.fieldsKeepMs;
  const described = {
    ageMs: Math.max(0, now - readAt),
    freshMs: keepMs,
    servableMs: keepMs,
    bodyLength: body.byteLength,
    etag: etagOf(context.digest.sha256Hex(body)),
    story,
    verdict: verdictHeaders(held, context.digest, now),
  };
  return answerReply(described, body, { context, ifNoneMatch, kind: 'fields' });
}

function answerReply(
  described: Described,
  body: Uint8Array,
  { context, ifNoneMatch, kind }: ReplyContext & { readonly kind: AnswerKind },
): Reply {
  const status = matchesEtag(ifNoneMatch, described.etag) ? 304 : 200;
  if (status === 200) context.metrics.answers[kind] += 1;
  const headers = healthHeaders(status, described);
  return { status, headers, body: status === 304 ? '' : bytesAsText(body) };
}

/** Our operating errors have sentences of their own; of anything else only the log knows. */
function problemReply(error: unknown): Reply {
  if (!(error instanceof Problem)) {
    return errorReply(500, 'An error of waba-health ended this request. Keep sending meanwhile.');
  }
  const wait = error.code === 'store_unavailable' ? retryAfter(5_000) : retryAfter(1_000);
  return errorReply(500, error.message, wait);
}

function queryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark === -1 ? '' : url.slice(mark + 1);
}
