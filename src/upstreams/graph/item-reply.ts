/** One entry of a batch's answer, made the reply that it would have been alone (docs/meta.md §4.3). */
import type { Failure } from '#domain/failure.ts';
import { valueOfJson } from '#domain/json.ts';
import type { Secret } from '#domain/secret.ts';
import type { Usage } from '#ports/upstream.ts';
import { tooLarge } from '#upstreams/transport/answer-size.ts';
import type { Asking, Heard } from '#upstreams/transport/ask.ts';
import { failureOf } from '#upstreams/transport/failure-of.ts';
import { fieldOf } from '#upstreams/transport/meta/meta-error.ts';
import { usageOf } from '#upstreams/transport/meta/usage.ts';
import { headerOf } from '#upstreams/transport/reply.ts';
import type { Answered, ReplyHeaders } from '#upstreams/transport/reply.ts';

/** What came for one item: a reply to be judged as if it had come alone; or why it is none. */
export type ItemReply =
  | { readonly ok: true; readonly heard: Heard }
  | { readonly ok: false; readonly failure: Failure; readonly usage: readonly Usage[] };

/** The request whose item it is. */
export interface AboutBatch {
  readonly asking: Asking;
  readonly outer: ReplyHeaders;
  readonly outerUsage: readonly Usage[];
  readonly secrets: () => readonly Secret[];
}

const ENCODER = new TextEncoder();

/** The reply in an entry of a batch's answer; null for an item that was not finished. */
export function itemReply(entry: unknown, about: AboutBatch): ItemReply | null {
  if (entry === null) return null;
  const { asking, outer, outerUsage, secrets } = about;
  const headers = itemHeaders(fieldOf(entry, 'headers'), outer);
  const usage = isUsageIn(headers) ? usageOf(headers) : outerUsage;
  const status = fieldOf(entry, 'code');
  const text = fieldOf(entry, 'body') ?? '';
  if (typeof status !== 'number' || !Number.isSafeInteger(status) || typeof text !== 'string') {
    const detail = `${asking.by} answered one question of several in a form that it never has.`;
    return { ok: false, failure: failureOf('malformed_answer', detail), usage };
  }
  const body = ENCODER.encode(text);
  const { peer, bodyBytesMax } = asking.outlet;
  if (body.length > bodyBytesMax) {
    return { ok: false, failure: tooLarge(peer, status, bodyBytesMax), usage };
  }
  const reply: Answered = { ok: true, status, headers, body };
  const value = text === '' ? undefined : valueOfJson(text);
  return { ok: true, heard: { reply, value, usage, secrets } };
}

const USAGE_HEADERS = ['x-app-usage', 'x-business-use-case-usage'] as const;
/** What the request as a whole can tell in place of an item that does not. */
const SERVED_HEADERS = ['facebook-api-version', 'x-fb-trace-id', 'x-fb-request-id'] as const;
/** What is read of an item's headers. */
const ITEM_HEADERS: ReadonlySet<string> = new Set([
  ...USAGE_HEADERS,
  ...SERVED_HEADERS,
  'content-type',
  'retry-after',
]);

function isUsageIn(headers: ReplyHeaders): boolean {
  return USAGE_HEADERS.some((name) => headers[name] !== undefined);
}

/** By lower-case name, the first of each; a list of `{name, value}` on the wire. */
function itemHeaders(list: unknown, outer: ReplyHeaders): ReplyHeaders {
  const headers: Record<string, string> = {};
  for (const name of SERVED_HEADERS) {
    const value = headerOf(outer, name);
    if (value !== null) headers[name] = value;
  }
  const own = new Set<string>();
  for (const item of Array.isArray(list) ? list : []) {
    const name: unknown = fieldOf(item, 'name');
    const value: unknown = fieldOf(item, 'value');
    if (typeof name !== 'string' || typeof value !== 'string') continue;
    const known = name.toLowerCase();
    if (!ITEM_HEADERS.has(known) || own.has(known)) continue;
    own.add(known);
    headers[known] = value;
  }
  return headers;
}
