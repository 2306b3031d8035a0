/**
 * Reads several channels in as few round trips as possible. A batch that fails as a whole is asked again in
 * halves, unless everything else fails too; items that the upstream did not finish are asked again; what
 * is left alone at the end of the halving has spoiled the batch.
 */
import type { Failure, FailureCode } from '#domain/failure.ts';
import type { Clock } from '#ports/clock.ts';
import type { DueChannel } from '#ports/schedule.ts';
import type { Access, Answer, Question, Upstream } from '#ports/upstream.ts';

/** A claimed channel and what to ask for it with. */
export interface Asked {
  readonly due: DueChannel;
  readonly access: Access;
}

/** What came of one channel. */
export interface BatchRead {
  readonly due: DueChannel;
  readonly answer: Answer;
  readonly startedAt: number;
  readonly readAt: number;
  /** Whether it kept a batch from being answered, so that it is better read singly. */
  readonly isSpoiler: boolean;
}

export interface BatchMeans {
  readonly upstream: Upstream;
  readonly clock: Clock;
  /** The most that one round trip takes, in ms. */
  readonly timeoutMs: number;
  /** When all of it must be over, ms UTC: before the lease ends. */
  readonly deadline: number;
  /** Whether a batch that failed as a whole may be asked again in halves; `halved` follows where it may. */
  readonly mayHalve: () => boolean;
  readonly halved: (about: { readonly began: number; readonly isAnyGood: boolean }) => void;
  /** Counts a round trip. */
  readonly onTrip: () => void;
}

/** Below this there is no time for one more question. */
const TRIP_MS_MIN = 500;
/** How often items that were not finished are asked again. */
const NULL_ROUNDS_MAX = 2;

/** Failures of a whole batch that one of its items may be the cause of. */
const BY_AN_ITEM: ReadonlySet<FailureCode> = new Set([
  'upstream_error',
  'malformed_answer',
  'timeout',
  // A connection that is reset whenever one of them is in the batch.
  'unreachable',
  // Of the token that leads the batch: the others may have another.
  'credential_rejected',
  'not_found_or_forbidden',
  'account_disabled',
]);
/** What an item that is asked alone must fail with to have spoiled its batch. */
const SPOILS: ReadonlySet<FailureCode> = new Set([
  'upstream_error',
  'malformed_answer',
  'timeout',
  'unreachable',
]);

/** Whether this is how a channel fails that others should not share a batch with. */
export function isSpoiling(answer: Answer): boolean {
  return !answer.ok && SPOILS.has(answer.failure.code);
}

/** Gives what came of each, in any order. Never rejects on content or network. */
export async function readBatch(
  means: BatchMeans,
  asked: readonly Asked[],
): Promise<readonly BatchRead[]> {
  return readPart(means, { asked, isHalf: false, nullRounds: 0 });
}

interface Part {
  readonly asked: readonly Asked[];
  /** Whether it is a piece of a batch that others of the same were taken out of. */
  readonly isHalf: boolean;
  /** How often these items have come back unfinished. */
  readonly nullRounds: number;
}

async function readPart(means: BatchMeans, part: Part): Promise<readonly BatchRead[]> {
  const { asked, isHalf } = part;
  const { clock, upstream } = means;
  const startedAt = clock.now();
  const leftMs = means.deadline - startedAt;
  if (asked.length === 0) return [];
  if (leftMs < TRIP_MS_MIN) return asked.map((one) => lost(one, { startedAt, isHalf, clock }));
  const timeoutMs = Math.min(means.timeoutMs, isHalf ? Math.floor(leftMs / 2) : leftMs);
  const [only] = asked;
  means.onTrip();
  if (asked.length === 1 && only !== undefined) {
    const answer = await upstream.read(questionOf(only, timeoutMs));
    const isSpoiler = isHalf && isSpoiling(answer);
    return [{ due: only.due, answer, startedAt, readAt: clock.now(), isSpoiler }];
  }
  const questions = asked.map((one) => questionOf(one, timeoutMs));
  const reply = await upstream.readBatch(questions, timeoutMs);
  const readAt = clock.now();
  if (!reply.ok) return afterWholeFailure(means, { part, reply, startedAt, readAt });
  return afterItems(means, { part, answers: reply.answers, startedAt, readAt });
}

interface Times {
  readonly part: Part;
  readonly startedAt: number;
  readonly readAt: number;
}

async function afterWholeFailure(
  means: BatchMeans,
  about: Times & { readonly reply: Extract<Answer, { ok: false }> },
): Promise<readonly BatchRead[]> {
  const { part, reply, startedAt, readAt } = about;
  const { asked } = part;
  const isByAnItem = BY_AN_ITEM.has(reply.failure.code);
  if (!isByAnItem || !(part.isHalf || means.mayHalve())) {
    return asked.map(({ due }) => ({ due, answer: reply, startedAt, readAt, isSpoiler: false }));
  }
  const middle = Math.ceil(asked.length / 2);
  const halves = [asked.slice(0, middle), asked.slice(middle)];
  const reads = await Promise.all(
    halves.map((half) => readPart(means, { asked: half, isHalf: true, nullRounds: 0 })),
  );
  const all = reads.flat();
  if (!part.isHalf) {
    means.halved({ began: readAt, isAnyGood: all.some(({ answer }) => answer.ok) });
  }
  // Where nothing at all was answered, no item stands out.
  return all.some(({ answer }) => answer.ok)
    ? all
    : all.map((read) => ({ ...read, isSpoiler: false }));
}

async function afterItems(
  means: BatchMeans,
  about: Times & { readonly answers: readonly (Answer | null)[] },
): Promise<readonly BatchRead[]> {
  const { part, answers, startedAt, readAt } = about;
  const reads: BatchRead[] = [];
  const unfinished: Asked[] = [];
  for (const [at, one] of part.asked.entries()) {
    const answer = answers[at] ?? null;
    if (answer === null) unfinished.push(one);
    else reads.push({ due: one.due, answer, startedAt, readAt, isSpoiler: false });
  }
  if (unfinished.length === 0) return reads;
  // Others of the same batch were answered, so these stand out.
  const isHalf = part.isHalf || reads.length > 0;
  const nullRounds = part.nullRounds + 1;
  if (nullRounds > NULL_ROUNDS_MAX) {
    const answer = failed('timeout', 'The upstream did not finish this item of a batch.');
    const lasting = unfinished.map(({ due }) => ({
      due,
      answer,
      startedAt,
      readAt,
      isSpoiler: isHalf,
    }));
    return [...reads, ...lasting];
  }
  const again = await readPart(means, { asked: unfinished, isHalf, nullRounds });
  return [...reads, ...again];
}

function questionOf({ due, access }: Asked, timeoutMs: number): Question {
  return { nodeId: due.channel.nodeId, access, timeoutMs };
}

/** There was no time left to ask for it. */
function lost(
  { due }: Asked,
  about: { readonly startedAt: number; readonly isHalf: boolean; readonly clock: Clock },
): BatchRead {
  const { startedAt, isHalf, clock } = about;
  const answer = failed('timeout', 'The batch that this read was part of took too long.');
  return { due, answer, startedAt, readAt: clock.now(), isSpoiler: isHalf };
}

function failed(code: FailureCode, detail: string): Extract<Answer, { ok: false }> {
  const failure: Failure = {
    code,
    detail,
    httpStatus: null,
    graphCode: null,
    graphSubcode: null,
    retryAfterMs: null,
    traceId: null,
  };
  return { ok: false, failure, usage: [] };
}
