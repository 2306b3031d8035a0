/** An upstream that answers what a test says, and remembers what it was asked. */
import type { UpstreamKind } from '#domain/billing.ts';
import type { Failure, FailureCode } from '#domain/failure.ts';
import { reportOf } from '#domain/health-report.ts';
import type { Profile } from '#domain/profile.ts';
import { EMPTY_PROFILE } from '#domain/profile.ts';
import type {
  Answer,
  BatchAnswer,
  ProfileAnswer,
  ProfileQuestion,
  Question,
  Upstream,
} from '#ports/upstream.ts';

type Reply = Answer | Promise<Answer>;

type BatchReply = (questions: readonly Question[]) => BatchAnswer | Promise<BatchAnswer>;

export interface FakeUpstream extends Upstream {
  readonly asked: readonly Question[];
  /** The fields of each read of named fields, joined by commas. */
  readonly askedFields: readonly string[];
  /** The questions of each batch. */
  readonly askedBatches: readonly (readonly Question[])[];
  readonly askedProfiles: readonly ProfileQuestion[];
  /** From now on each read gets what this gives, alone or in a batch. */
  answers(reply: (question: Question) => Reply): void;
  /** From now on each batch gets what this gives; null: what its questions would have got alone. */
  answersBatches(reply: BatchReply | null): void;
  /** From now on each read of a profile gets what this gives; nothing is reported until then. */
  answersProfiles(reply: (question: ProfileQuestion) => ProfileAnswer): void;
}

export function createFakeUpstream(kind: UpstreamKind): FakeUpstream {
  const asked: Question[] = [];
  const askedFields: string[] = [];
  const askedBatches: (readonly Question[])[] = [];
  const askedProfiles: ProfileQuestion[] = [];
  const batchMax = kind === 'graph' ? 50 : 1;
  let reply = nothingReached;
  let replyToBatch: BatchReply | null = null;
  let replyToProfile = nothingReported;
  return {
    kind,
    version: kind === 'graph' ? 'v26.0' : null,
    asked,
    askedFields,
    askedBatches,
    askedProfiles,
    batchMax,
    answers(next) {
      reply = next;
    },
    answersBatches(next) {
      replyToBatch = next;
    },
    answersProfiles(next) {
      replyToProfile = next;
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
    async readBatch(questions) {
      if (questions.length > batchMax)
        throw new Error(`A batch has ${batchMax} questions at most.`);
      askedBatches.push(questions);
      if (replyToBatch !== null) return replyToBatch(questions);
      asked.push(...questions);
      return { ok: true, answers: await Promise.all(questions.map(async (each) => reply(each))) };
    },
    async readProfile(question) {
      askedProfiles.push(question);
      return replyToProfile(question);
    },
    async close() {},
  };
}

/** Until a test says otherwise. */
function nothingReached(_question: Question): Reply {
  return failedAnswer('unreachable');
}

function nothingReported(_question: ProfileQuestion): ProfileAnswer {
  return goodProfile({});
}

/** A good read of a profile in which only this is reported. */
export function goodProfile(profile: Partial<Profile>): ProfileAnswer {
  return { ok: true, profile: { ...EMPTY_PROFILE, ...profile } };
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
