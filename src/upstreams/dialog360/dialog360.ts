/** 360dialog's Messaging API: the health of the one number that a key belongs to (docs/dialog360.md §1). */
import type { Failure, FailureCode } from '#domain/failure.ts';
import type { Clock } from '#ports/clock.ts';
import type { Answer, Question, Upstream } from '#ports/upstream.ts';
import { askFields, askHealth } from '#upstreams/transport/ask.ts';
import { baseUrlOf } from '#upstreams/transport/base-url.ts';
import { unsendable } from '#upstreams/transport/header-value.ts';
import { meaningOfRefusal, metaFailure } from '#upstreams/transport/meta/meta-failure.ts';
import { meaningOf } from '#upstreams/transport/meta/error-table.ts';
import { metaErrorOf } from '#upstreams/transport/meta/meta-error.ts';
import type { MetaError } from '#upstreams/transport/meta/meta-error.ts';
import { redacted } from '#upstreams/transport/redact.ts';
import { meaningOfStatus, plainFailure, refusalFailure } from '#upstreams/transport/refusal.ts';
import type { Refusal } from '#upstreams/transport/refusal.ts';
import type { Transport } from '#upstreams/transport/transport.ts';
import { errorTextOf, meaningOfText } from './own-error.ts';
import { readProfile } from './read-profile.ts';
import { headersFor, HEALTH_PATH, queryFor } from './request.ts';

const DIALOG360_URL = 'https://waba-v2.360dialog.io';

export interface Dialog360Options {
  readonly transport: Transport;
  /** For the time in `Retry-After`. */
  readonly clock: Clock;
  /** https://waba-v2.360dialog.io unless told otherwise. */
  readonly baseUrl?: string;
}

/** Throws Problem `cannot_start` when the address is none. */
export function createDialog360(options: Dialog360Options): Upstream {
  const { transport, clock } = options;
  const base = baseUrlOf(options.baseUrl ?? DIALOG360_URL, "360dialog's Messaging API");
  const outlet = transport.open(base.origin);
  const asking = { by: '360dialog', outlet, clock, failureOf: dialog360Failure };
  const path = `${base.path}${HEALTH_PATH}`;

  async function read({ access: { secret }, timeoutMs }: Question): Promise<Answer> {
    const failure = unsendable(secret, 'key');
    if (failure !== null) return { ok: false, failure, usage: [] };
    const request = { path, headers: headersFor(secret), timeoutMs };
    return askHealth(asking, request, () => [secret]);
  }

  return {
    kind: 'dialog360',
    version: null,
    batchMax: 1,
    read,
    async readBatch(questions, timeoutMs) {
      const [question, ...more] = questions;
      if (more.length > 0) throw new Error('360dialog has no batch: it takes one question.');
      const answers = question === undefined ? [] : [await read({ ...question, timeoutMs })];
      return { ok: true, answers };
    },
    readProfile: (question) => readProfile({ asking, base: base.path }, question),
    async readFields({ access: { secret }, timeoutMs }, fields) {
      const failure = unsendable(secret, 'key');
      if (failure !== null) return { ok: false, failure };
      const request = { path: path + queryFor(fields), headers: headersFor(secret), timeoutMs };
      return askFields(asking, request, () => [secret]);
    },
    close: () => outlet.close(),
  };
}

/** 360dialog's own errors by status and text; Meta's, passed on, by Meta's table. */
function dialog360Failure(refusal: Refusal): Failure {
  const error = metaErrorOf(refusal.value);
  if (error !== null) {
    return metaFailure(refusal, error, meaningBehindProvider(refusal, error));
  }
  const text = errorTextOf(refusal.value);
  if (text === null) return plainFailure(refusal);
  const { status } = refusal.reply;
  const code = meaningOfOwnError(status, text);
  const detail = `360dialog answered ${status}: ${redacted(text, refusal.secrets)}`;
  return refusalFailure(refusal, code, { detail });
}

/** The documented texts come with 400; 401 is about the key, whatever it says. */
function meaningOfOwnError(status: number, text: string): FailureCode {
  const said = status >= 400 && status < 500 && status !== 401 ? meaningOfText(text) : null;
  return said ?? meaningOfStatus(status, true);
}

/**
 * Where Meta rejects a token, it is 360dialog's own, never the key that we asked with: the number is
 * out of 360dialog's reach, and nobody mends that by replacing the key.
 */
function meaningBehindProvider(refusal: Refusal, error: MetaError): FailureCode {
  const code = meaningOfRefusal(refusal, error);
  const isMetas = error.code > 0 && meaningOf(error, refusal.reply.status) !== null;
  return code === 'credential_rejected' && isMetas ? 'not_found_or_forbidden' : code;
}
