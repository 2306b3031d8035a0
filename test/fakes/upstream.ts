/** An upstream that answers what a test says, and remembers what it was asked. */
import type { UpstreamKind } from '#domain/billing.ts';
import type { Failure, FailureCode } from '#domain/failure.ts';
import { reportOf } from '#domain/health-report.ts';
import type { Answer, Question, Upstream } from '#ports/upstream.ts';

type Reply = Answer | Promise<Answer>;

export interface FakeUpstream extends Upstream {
  readonly asked: readonly Question[];
  /** The fields of each read of named fields, joined by commas. */
  readonly askedFields: readonly string[];
  /** From now on each read gets what this gives. */
  answers(reply: (question: Question) => Reply): void;
}

export function createFakeUpstream(kind: UpstreamKind): FakeUpstream {
  const asked: Question[] = [];
  const askedFields: string[] = [];
  let reply = nothingReached;
  return {
    kind,
    version: kind === 'graph' ? 'v26.0' : null,
    asked,
    askedFields,
    answers(next) {
      reply = next;
    },
    async read(question) {
      asked.push(question);
      return reply(question);
    },
    async readFields(question, fields) {
      askedFields.push(fields.join(','));
      const answer = await reply(question);
      return answer.ok ? { ok: true, body: answer.body } : { ok: false, failure: answer.failure };
    },
    async close() {},
  };
}

/** Until a test says otherwise. */
function nothingReached(_question: Question): Reply {
  return failedAnswer('unreachable');
}

/** A good read of this body. */
export function goodAnswer(body: unknown): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const report = reportOf(JSON.parse(text));
  if (report === null) throw new Error('This body is no good read.');
  return {
    ok: true,
    body: new TextEncoder().encode(text),
    report,
    served: { version: 'v26.0', traceId: 'Atrace' },
    usage: [],
  };
}

export function failedAnswer(code: FailureCode, about: Partial<Failure> = {}): Answer {
  const failure: Failure = {
    code,
    detail: `The fake upstream says ${code}.`,
    httpStatus: null,
    graphCode: null,
    graphSubcode: null,
    retryAfterMs: null,
    traceId: null,
    ...about,
  };
  return { ok: false, failure, usage: [] };
}
