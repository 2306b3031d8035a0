/** Several reads in one request (docs/meta.md §4.3): each with its own token, each with its own reply. */
import type { Failure } from '#domain/failure.ts';
import type { Secret } from '#domain/secret.ts';
import type { Access, Usage } from '#ports/upstream.ts';
import { heardFrom, refusalOf } from '#upstreams/transport/ask.ts';
import type { Asking, Heard } from '#upstreams/transport/ask.ts';
import { metaErrorOf } from '#upstreams/transport/meta/meta-error.ts';
import { usageOf } from '#upstreams/transport/meta/usage.ts';
import { refusalFailure } from '#upstreams/transport/refusal.ts';
import type { GraphCalls } from './graph-calls.ts';
import { secretsOf } from './graph-calls.ts';
import { itemReply } from './item-reply.ts';
import type { ItemReply } from './item-reply.ts';

/** Graph takes no more. */
export const BATCH_ITEMS_MAX = 50;

/**
 * The most that the answer to a batch may have: 80 KiB for each of 50 items, where real ones have 1 to
 * 4. Fifty times what a single answer may have would be 50 MiB, in each of 128 connections.
 */
const BATCH_BYTES_MAX = 4 * 1_048_576;

interface BatchItem {
  readonly access: Access;
  /** The path below the version, with its query. It stands in the body, never in a URL of ours. */
  readonly path: string;
}

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
