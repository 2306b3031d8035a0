/** What an upstream's answer is worth: the outcome of one attempt, its identity checked. */
import type { Outcome } from '#domain/channel-state.ts';
import type { Failure } from '#domain/failure.ts';
import type { Identity } from '#domain/identity.ts';
import { identityAfter, identityOf, isSameIdentity } from '#domain/identity.ts';
import type { Digest } from '#ports/digest.ts';
import type { Answer } from '#ports/upstream.ts';

export interface Attempt {
  readonly attempt: number;
  /** When the question was sent and when its answer had arrived, ms UTC. */
  readonly startedAt: number;
  readonly readAt: number;
  /** Whom the channel's answers are about; null before its first good read. */
  readonly pinned: Identity | null;
  readonly digest: Digest;
}

/** The outcome. A good answer about another number than the pinned one is `identity_changed`. */
export function outcomeOf(answer: Answer, about: Attempt): Outcome {
  const { attempt, startedAt, readAt, pinned, digest } = about;
  if (!answer.ok) return { ok: false, attempt, at: readAt, failure: answer.failure };
  const seen = identityOf(answer.report);
  if (pinned !== null && !isSameIdentity(pinned, seen)) {
    const failure = identityChanged(pinned, seen, answer.served.traceId);
    return { ok: false, attempt, at: readAt, failure };
  }
  const snapshot = {
    attempt,
    startedAt,
    readAt,
    bodyHash: digest.sha256Hex(answer.body),
    report: answer.report,
    identity: identityAfter(pinned, seen),
    served: answer.served,
  };
  return { ok: true, snapshot };
}

function identityChanged(pinned: Identity, seen: Identity, traceId: string | null): Failure {
  return {
    code: 'identity_changed',
    detail:
      `The credential now answers about ${whom(seen)} instead of ${whom(pinned)}. ` +
      'Nothing of that answer was written.',
    httpStatus: 200,
    graphCode: null,
    graphSubcode: null,
    retryAfterMs: null,
    traceId,
  };
}

function whom(identity: Identity): string {
  if (identity.phoneNumberId !== null) return `number ${digits(identity.phoneNumberId)}`;
  if (identity.wabaId !== null) return `WABA ${digits(identity.wabaId)}`;
  return 'another node';
}

/** Ids are foreign text: only their digits are shown. */
function digits(id: string): string {
  return id.replaceAll(/[^0-9]/g, '').slice(0, 32);
}
