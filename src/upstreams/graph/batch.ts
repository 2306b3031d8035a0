/** Several reads in one request (docs/meta.md §4.3): each with its own token, each with its own reply. */
import type { Failure } from '#domain/failure.ts';
import { valueOfJson } from '#domain/json.ts';
import type { Secret } from '#domain/secret.ts';
import type { Access, Usage } from '#ports/upstream.ts';
import { heardFrom, refusalOf } from '#upstreams/transport/ask.ts';
import type { Asking, Heard } from '#upstreams/transport/ask.ts';
import { tooLarge } from '#upstreams/transport/answer-size.ts';
import { failureOf } from '#upstreams/transport/failure-of.ts';
import { fieldOf, metaErrorOf } from '#upstreams/transport/meta/meta-error.ts';
import { usageOf } from '#upstreams/transport/meta/usage.ts';
import { refusalFailure } from '#upstreams/transport/refusal.ts';
import { headerOf } from '#upstreams/transport/reply.ts';
import type { Answered, ReplyHeaders } from '#upstreams/transport/reply.ts';
import type { GraphCalls } from './graph-calls.ts';
import { secretsOf } from './graph-calls.ts';

/** Graph takes no more. */
export const BATCH_ITEMS_MAX = 50;

/**
 * The most that the answer to a batch may have: 80 KiB for each of 50 items, where real ones have 2 to
 * 4. Fifty times what a single answer may have would be 50 MiB, in each of 128 connections.
 */
const BATCH_BYTES_MAX = 4 * 1_048_576;

export interface BatchItem {
  readonly access: Access;
  /** The path below the version, with its query. It stands in the body, never in a URL of ours. */
  readonly path: string;
}

/** What came for one item: a reply to be judged as if it had come alone; or why it is none. */
export type ItemReply =
  | { readonly ok: true; readonly heard: Heard }
  | { readonly ok: false; readonly failure: Failure; readonly usage: readonly Usage[] };

export type BatchReply =
  | {
      readonly ok: true;
      /** In the order of the items; null: not finished. */
      readonly replies: readonly (ItemReply | null)[];
    }
  | { readonly ok: false; readonly failure: Failure; readonly usage: readonly Usage[] };

export interface Batch {
  /** The access of the request itself; items with the same one need not repeat it. */
  readonly access: Access;
  /** 1 to 50. */
  readonly items: readonly BatchItem[];
  readonly timeoutMs: number;
  /** What else must not be told, beside the secrets of the accesses. */
  readonly secrets?: readonly Secret[];
}

/** Asks. What an item comes to never touches its neighbours. */
export async function askBatch(calls: GraphCalls, batch: Batch): Promise<BatchReply> {
  const { access, items, timeoutMs } = batch;
  const { asking } = calls;
  const list = items.map((item) => itemText(calls, item, access)).join(',');
  const form = `batch=${encodeURIComponent(`[${list}]`)}&include_headers=true`;
  const request = { ...calls.post(access, form, timeoutMs), answerBytesMax: BATCH_BYTES_MAX };
  const reply = await asking.outlet.ask(request);
  if (!reply.ok) return { ok: false, failure: reply.failure, usage: [] };
  const secrets = (): readonly Secret[] => secretsIn(batch);
  const entries = reply.status === 200 ? entriesOf(reply.body) : null;
  if (entries?.length !== items.length) {
    return wholeFailure(asking, heardFrom(reply, secrets), { entries, asked: items.length });
  }
  const about = { asking, outer: reply.headers, outerUsage: usageOf(reply.headers), secrets };
  return { ok: true, replies: entries.map((entry) => itemReply(entry, about)) };
}

/** Each text once: fifty items mostly share one access. */
function secretsIn({ access, items, secrets = [] }: Batch): readonly Secret[] {
  const all = [access, ...items.map((item) => item.access)].flatMap(secretsOf);
  return [...new Map([...all, ...secrets].map((secret) => [secret.reveal(), secret])).values()];
}

function itemText(calls: GraphCalls, item: BatchItem, outer: Access): string {
  const { access, path } = item;
  if (isSame(access, outer)) return `{"method":"GET","relative_url":${JSON.stringify(path)}}`;
  const proof = calls.proofOf(access);
  const own = proof === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${proof}`;
  const token = JSON.stringify(access.secret.reveal());
  return `{"method":"GET","relative_url":${JSON.stringify(own)},"access_token":${token}}`;
}

function isSame(one: Access, other: Access): boolean {
  return (
    one === other ||
    (one.secret.reveal() === other.secret.reveal() &&
      one.app?.secret?.reveal() === other.app?.secret?.reveal())
  );
}

/** The entries of the outer list, null for a body that is none. Its depth is of no matter: nobody walks it. */
function entriesOf(body: Uint8Array): readonly unknown[] | null {
  const value = outerValue(body);
  return Array.isArray(value) ? value : null;
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: true });

function outerValue(body: Uint8Array): unknown {
  try {
    return JSON.parse(DECODER.decode(body));
  } catch {
    return undefined;
  }
}

function wholeFailure(
  asking: Asking,
  heard: Heard,
  counted: { readonly entries: readonly unknown[] | null; readonly asked: number },
): BatchReply {
  const refusal = refusalOf(asking, heard, 'a list of answers');
  const { status } = heard.reply;
  const { entries, asked } = counted;
  const isError = status !== 200 || heard.value === undefined || metaErrorOf(heard.value) !== null;
  if (isError) return { ok: false, failure: asking.failureOf(refusal), usage: heard.usage };
  const what = entries === null ? 'no list of answers' : `${entries.length} answers`;
  const detail = `${asking.by} answered ${status} with ${what} to ${asked} questions in one request.`;
  const failure = refusalFailure(refusal, 'malformed_answer', { detail });
  return { ok: false, failure, usage: heard.usage };
}

interface AboutBatch {
  readonly asking: Asking;
  readonly outer: ReplyHeaders;
  readonly outerUsage: readonly Usage[];
  readonly secrets: () => readonly Secret[];
}

function itemReply(entry: unknown, about: AboutBatch): ItemReply | null {
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
  // What is judged is what the bytes say: half a surrogate pair is U+FFFD in them.
  const value = text === '' ? undefined : valueOfJson(text.toWellFormed());
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
