/** Failures as values, with null for whatever the answer did not say. */
import type { Failure, FailureCode } from '#domain/failure.ts';

/** `detail` is redacted already; it gets its full stop here, because other sentences follow it. */
export function failureOf(
  code: FailureCode,
  detail: string,
  about: Partial<Omit<Failure, 'code' | 'detail'>> = {},
): Failure {
  return {
    code,
    detail: /[.!?…]$/.test(detail) ? detail : `${detail}.`,
    httpStatus: about.httpStatus ?? null,
    graphCode: about.graphCode ?? null,
    graphSubcode: about.graphSubcode ?? null,
    retryAfterMs: about.retryAfterMs ?? null,
    traceId: about.traceId ?? null,
  };
}
