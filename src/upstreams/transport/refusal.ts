/** An answer that is no good read, and what its HTTP status alone says about it. */
import type { Failure, FailureCode } from '#domain/failure.ts';
import { isJsonObject } from '#domain/json.ts';
import type { Secret } from '#domain/secret.ts';
import type { Usage } from '#ports/upstream.ts';
import { failureOf } from './failure-of.ts';
import { longestRegainMs } from './meta/usage.ts';
import type { MetaError } from './meta/meta-error.ts';
import { fieldOf } from './meta/meta-error.ts';
import { servedOf } from './meta/served.ts';
import { redacted } from './redact.ts';
import { headerOf } from './reply.ts';
import type { Answered } from './reply.ts';
import { retryAfterMsOf } from './retry-after.ts';

export interface Refusal {
  /** Who answered, as a sentence names it: `Graph`, `360dialog`. */
  readonly by: string;
  /** What a good answer would have had, as a sentence names it: `health_status`. */
  readonly wanted: string;
  readonly reply: Answered;
  /** The body's JSON value; undefined when it is none. */
  readonly value: unknown;
  readonly usage: readonly Usage[];
  /** What must not come back in a sentence. */
  readonly secrets: readonly Secret[];
  readonly now: number;
}

/**
 * What the status says, where the body says nothing. A definitive failure takes JSON: an HTML page with
 * 403 or 404 comes from something in between. 401 is about access, whoever words it.
 */
export function meaningOfStatus(status: number, isJson: boolean): FailureCode {
  if (status === 429) return 'rate_limited';
  if (status >= 500 || status === 408) return 'upstream_error';
  if (status === 401) return 'credential_rejected';
  if (!isJson || status < 400) return 'malformed_answer';
  if (status === 402) return 'account_disabled';
  if (status === 403 || status === 404 || status === 410) return 'not_found_or_forbidden';
  return 'upstream_error';
}

/** The failure of this code, with everything that the answer's head adds to it. */
export function refusalFailure(
  refusal: Refusal,
  code: FailureCode,
  about: { readonly detail: string; readonly error?: MetaError | null },
): Failure {
  const { reply, usage, now } = refusal;
  const { detail, error = null } = about;
  const asked = retryAfterMsOf(headerOf(reply.headers, 'retry-after'), now);
  const regain = code === 'rate_limited' ? longestRegainMs(usage) : null;
  return failureOf(code, detail, {
    httpStatus: reply.status,
    graphCode: error?.code ?? null,
    graphSubcode: error?.subcode ?? null,
    retryAfterMs: asked === null && regain === null ? null : Math.max(asked ?? 0, regain ?? 0),
    traceId: error?.traceId ?? servedOf(reply.headers).traceId,
  });
}

/** Whatever is neither good nor an error in a known form, judged by its status alone. */
export function plainFailure(refusal: Refusal): Failure {
  const { reply, value, by } = refusal;
  const code = meaningOfStatus(reply.status, value !== undefined);
  const detail = `${by} answered ${reply.status} with ${bodyWords(refusal)}.`;
  return refusalFailure(refusal, code, { detail });
}

function bodyWords({ reply, value, secrets, wanted }: Refusal): string {
  const { status, headers, body } = reply;
  if (status >= 300 && status < 400) return 'a redirect, which is not followed';
  if (body.length === 0) return 'an empty body';
  if (value === undefined) {
    const type = headerOf(headers, 'content-type');
    const named = type === null ? '' : ` (${redacted(type.slice(0, 80), secrets)})`;
    return `${body.length} bytes that are no JSON${named}`;
  }
  if (!isJsonObject(value)) return 'JSON that is no object';
  if (fieldOf(value, 'error') !== undefined) return 'an error in a form of its own';
  return `JSON without ${wanted}`;
}
