/** The failure behind an error of Meta's, as every upstream tells it. */
import type { Failure, FailureCode } from '#domain/failure.ts';
import { redacted } from '#upstreams/transport/redact.ts';
import { meaningOfStatus, refusalFailure } from '#upstreams/transport/refusal.ts';
import type { Refusal } from '#upstreams/transport/refusal.ts';
import { meaningOf } from './error-table.ts';
import type { MetaError } from './meta-error.ts';

/** What Meta's error means, by the table, or by the status where it does not stand there. */
export function meaningOfRefusal(refusal: Refusal, error: MetaError): FailureCode {
  const { status } = refusal.reply;
  const listed = meaningOf(error, status);
  if (listed !== null) return listed;
  // An error in a 200 is an error all the same.
  return status < 400 ? 'upstream_error' : meaningOfStatus(status, true);
}

/** The failure with Meta's sentence, redacted, its code and its trace. */
export function metaFailure(refusal: Refusal, error: MetaError, code: FailureCode): Failure {
  const number = error.subcode === null ? `${error.code}` : `${error.code}/${error.subcode}`;
  const said = error.message === '' ? 'no sentence' : redacted(error.message, refusal.secrets);
  const detail = `${refusal.by} answered ${refusal.reply.status}, error ${number}: ${said}`;
  return refusalFailure(refusal, code, { detail, error });
}
