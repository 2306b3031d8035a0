/**
 * Why a check saw nothing. A failure is a value, not an exception: it is an ordinary outcome, it is
 * stored, and it never changes a status (ARCHITECTURE.md invariant 1). Our own errors are *problems*.
 */
export const FAILURE_CODES = [
  'credential_rejected',
  'not_found_or_forbidden',
  'account_disabled',
  'rate_limited',
  'upstream_error',
  'unreachable',
  'timeout',
  'malformed_answer',
  'identity_changed',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

export interface Failure {
  readonly code: FailureCode;
  /** One sentence for the operator: what happened. Redacted: no token, no key, no foreign markup. */
  readonly detail: string;
  /** The upstream's HTTP status; null when no answer came. */
  readonly httpStatus: number | null;
  /** Graph's `code` and `error_subcode`, where the answer had them. */
  readonly graphCode: number | null;
  readonly graphSubcode: number | null;
  /** How long the upstream asked us to wait, in ms; null when it did not say. */
  readonly retryAfterMs: number | null;
  /** Meta's support handle for this answer (`fbtrace_id`). */
  readonly traceId: string | null;
}

const DEFINITIVE: ReadonlySet<FailureCode> = new Set([
  'credential_rejected',
  'account_disabled',
  'not_found_or_forbidden',
]);

/** A definitive failure, once confirmed, ends trust in the stored status; others merely age it. */
export function isDefinitive(code: FailureCode): boolean {
  return DEFINITIVE.has(code);
}
