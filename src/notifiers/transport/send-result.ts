/** What an answer, or none, means for the message: one table for all services. */
import { inertText } from '#domain/inert-text.ts';
import { isJsonObject } from '#domain/json.ts';
import type { Secret } from '#domain/secret.ts';
import type { SendResult } from '#ports/notifier.ts';
import { valueOfBody } from '#upstreams/transport/body-value.ts';
import { redacted } from '#upstreams/transport/redact.ts';
import { headerOf } from '#upstreams/transport/reply.ts';
import { retryAfterMsOf } from '#upstreams/transport/retry-after.ts';
import { fit } from './fit.ts';
import type { Posted } from './way-out.ts';

/** What one service says in the body of its answer, where that is more than its status tells. */
export interface Reading {
  /** How long it asks to wait, in ms. */
  readonly waitMsIn?: (value: JsonObject) => number | null;
  /** What it calls the message. */
  readonly referenceIn?: (value: JsonObject) => string | null;
  /** Why no message at all will be taken, although the status blames this one; null when it does not say so. */
  readonly configTroubleIn?: (text: string, value: JsonObject) => string | null;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Whoever asks for longer than a day is asked again after a day. */
const WAIT_MS_MAX = 86_400_000;
const FOREIGN_CHARACTERS_MAX = 200;
const REFERENCE_CHARACTERS_MAX = 128;
const RATE_WORDS = /rate.?limit|too many|throttl|quota/i;

/**
 * 2xx is delivered, whatever becomes of the body. 429 wants peace, and so does whoever says until when. 408, 425, 5xx
 * and a broken connection pass; 400, 413, 415 and 422 are about this message; all else takes somebody to change it.
 */
export function sendResultOf(posted: Posted, reading: Reading = {}): SendResult {
  const { status } = posted;
  if (status === null) {
    const detail = posted.trouble ?? 'It did not answer.';
    return { outcome: posted.isRefused ? 'config' : 'transient', status, detail };
  }
  const { text, value } = answerOf(posted);
  if (status >= 200 && status < 300) {
    const reference = reading.referenceIn?.(value) ?? null;
    return { outcome: 'delivered', status, reference: reference && shown(reference, posted) };
  }
  const detail = detailOf(posted, text, value);
  const waitMs = waitMsOf(posted, reading.waitMsIn?.(value) ?? null);
  if (isThrottle(status, text, waitMs)) {
    return { outcome: 'throttled', status, retryAfterMs: waitMs, detail };
  }
  const trouble = reading.configTroubleIn?.(text, value) ?? null;
  if (trouble !== null) return { outcome: 'config', status, detail: `${detail} ${trouble}` };
  return { outcome: outcomeOf(status), status, detail };
}

function outcomeOf(status: number): 'transient' | 'payload' | 'config' {
  if (status === 408 || status === 425 || status >= 500) return 'transient';
  return [400, 413, 415, 422].includes(status) ? 'payload' : 'config';
}

function isThrottle(status: number, text: string, waitMs: number | null): boolean {
  if (status === 429) return true;
  if (status === 403) return waitMs !== null || RATE_WORDS.test(text);
  return status >= 500 && waitMs !== null;
}

function waitMsOf({ headers, at }: Posted, inBodyMs: number | null): number | null {
  const asked = retryAfterMsOf(headerOf(headers, 'retry-after'), at);
  const said = inBodyMs !== null && inBodyMs >= 0 ? Math.min(inBodyMs, WAIT_MS_MAX) : null;
  return asked === null && said === null ? null : Math.max(asked ?? 0, said ?? 0);
}

function answerOf({ body }: Posted): { text: string; value: JsonObject } {
  const value = valueOfBody(body);
  return { text: Buffer.from(body).toString('utf8'), value: isJsonObject(value) ? value : {} };
}

function detailOf(posted: Posted, text: string, value: JsonObject): string {
  const { host, status, trouble } = posted;
  if (trouble !== null) return `${host} answered ${status}. ${trouble}`;
  if (status !== null && status >= 300 && status < 400) {
    return `${host} answered ${status}, a redirect, and redirects are not followed: give the address where it leads.`;
  }
  const named = [value['description'], value['message'], value['error']];
  // A list of errors says more than the one word above it.
  const words = [...(value['errors'] === undefined ? named : []), text].find(
    (said) => typeof said === 'string' && said.trim() !== '',
  );
  return typeof words === 'string'
    ? `${host} answered ${status}: ${shown(words, posted)}`
    : `${host} answered ${status}.`;
}

/** Foreign words in a sentence of ours: 200 characters at most, without secrets, inert. */
export function foreignWords(text: string, secrets: readonly Secret[]): string {
  return fit(inertText(redacted(text, secrets)), FOREIGN_CHARACTERS_MAX);
}

function shown(text: string, { secrets }: Posted): string {
  return text.length > REFERENCE_CHARACTERS_MAX || !/^[\w.:-]+$/.test(text)
    ? foreignWords(text, secrets)
    : text;
}
