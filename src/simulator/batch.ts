/** Batch requests (docs/meta.md §4.3). */
import type { AnsweredCall } from './answered-call.ts';
import { answerCall } from './answered-call.ts';
import type { Subject } from './faults.ts';
import { isObject } from './form.ts';
import type { JsonObject } from './form.ts';
import type { GraphAccess } from './graph-access.ts';
import { accessIn, admissionOf, appOfToken, bearerOf, textIn } from './graph-access.ts';
import type { GraphCall } from './graph-call.ts';
import { nothingTouched } from './graph-call.ts';
import type { GraphError } from './graph-error.ts';
import { badBatch, envelopeOf, unknownPath } from './graph-error.ts';
import { graphHeaders } from './graph-headers.ts';
import type { Exchange, Incoming } from './incoming.ts';
import type { Reply } from './reply.ts';
import type { SimulatorState } from './state.ts';
import { isVersion, servingVersion } from './versions.ts';

const ITEMS_MAX = 50;
/** docs/meta.md §4.2: at most this many objects in one usage header. */
const USAGE_ENTRIES_MAX = 32;

type Parameters = Readonly<Record<string, unknown>>;

/** The parameters of a batch: from the query, a form or a JSON object. */
function formOf({ query, headers, body }: Incoming): Parameters {
  const type = headers['content-type'] ?? '';
  const sent = /json/i.test(type) ? jsonOf(body) : Object.fromEntries(new URLSearchParams(body));
  return { ...Object.fromEntries(query), ...(isObject(sent) ? sent : {}) };
}

export function answerBatch(state: SimulatorState, incoming: Incoming): Exchange {
  const form = formOf(incoming);
  // The fallback token is checked as any other, and an app's own is one too (docs/meta.md §8.15).
  const access = accessIn(form, bearerOf(incoming.headers.authorization));
  const items = typeof form['batch'] === 'string' ? jsonOf(form['batch']) : form['batch'];
  const [asked = null] = incoming.path.split('/').filter((part) => part !== '');
  const version = servingVersion(asked !== null && isVersion(asked) ? asked : null, state.versions);
  const admission = appOfToken(state, access) === null ? admissionOf(state, access) : null;
  const error = admission === null || admission.ok ? formError(items) : admission.error;
  state.counters.route('graph batch');
  const traceId = state.trace.next();
  if (error || version === null || !Array.isArray(items)) {
    const subject = subjectOf([], access);
    const reply = failed(error ?? unknownPath(incoming.path), version, traceId);
    return { reply, subject };
  }
  state.counters.batch(items.length);
  const calls = items.map((item: unknown) =>
    answerCall(state, callOf(item, { access, version, base: incoming.base })),
  );
  const headers = graphHeaders({ version, traceId, metering: combined(calls) });
  const withHeaders = ![false, 'false', '0', 0].some((off) => off === form['include_headers']);
  const body = `[${calls.map((call) => itemText(call, withHeaders)).join(',')}]`;
  return { reply: { status: 200, headers, body }, subject: subjectOf(calls, access) };
}

/** An item's own token needs its own proof; without one it shares the request's. */
function callOf(
  item: unknown,
  about: { access: GraphAccess; version: string; base: string },
): GraphCall {
  const fields: JsonObject = isObject(item) ? item : {};
  const [path = '', search = ''] = (textIn(fields, 'relative_url') ?? '').split('?', 2);
  const query = new URLSearchParams(search);
  const own = { ...Object.fromEntries(query), ...fields };
  const token = textIn(own, 'access_token') ?? bearerIn(fields['headers']);
  const shares = token === null || token === about.access.token;
  const access = accessIn(own, token ?? about.access.token);
  const versioned = path.replace(/^\/+/, '');
  return {
    method: (textIn(fields, 'method') ?? 'GET').toUpperCase(),
    path: isVersion(versioned.split('/')[0] ?? '') ? versioned : `${about.version}/${versioned}`,
    query,
    base: about.base,
    access: shares && access.proof === null ? about.access : access,
    touched: nothingTouched(),
  };
}

/** A token in an item's own `headers`, a list of lines or an object. */
function bearerIn(headers: unknown): string | null {
  const lines = isObject(headers)
    ? Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`)
    : headers;
  if (!Array.isArray(lines)) return null;
  for (const line of lines) {
    const match = /^authorization: *Bearer +(.+)$/i.exec(String(line));
    if (match?.[1] !== undefined) return match[1];
  }
  return null;
}

/** `null` where a fault says that the item was not finished (docs/meta.md §4.3). */
function itemText({ reply, faults }: AnsweredCall, withHeaders: boolean): string {
  if (faults.some(({ kind }) => kind === 'null_item')) return 'null';
  const headers = withHeaders ? `,"headers":${headersText(reply)}` : '';
  return `{"code":${reply.status}${headers},"body":${JSON.stringify(reply.body)}}`;
}

function headersText({ headers }: Reply): string {
  const pairs: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    pairs.push(`{"name":"${headers[at]}","value":${JSON.stringify(headers[at + 1])}}`);
  }
  return `[${pairs.join(',')}]`;
}

/** The usage headers of the items, put together: the highest app usage, each WABA's entry once. */
function combined(calls: readonly AnsweredCall[]): {
  appUsage: string | null;
  wabaUsage: string | null;
} {
  let appUsage: string | null = null;
  const entries = new Map<string, string>();
  for (const { reply, subject } of calls) {
    appUsage = headerOf(reply, 'x-app-usage') ?? appUsage;
    const waba = headerOf(reply, 'x-business-use-case-usage');
    if (
      waba !== null &&
      (entries.size < USAGE_ENTRIES_MAX || entries.has(subject.wabas[0] ?? ''))
    ) {
      entries.set(subject.wabas[0] ?? '', waba.slice(1, -1));
    }
  }
  return { appUsage, wabaUsage: entries.size === 0 ? null : [...entries.values()].join(',') };
}

function headerOf({ headers }: Reply, name: string): string | null {
  const at = headers.indexOf(name);
  return at < 0 ? null : (headers[at + 1] ?? null);
}

function subjectOf(calls: readonly AnsweredCall[], access: GraphAccess): Subject {
  const all = (key: 'nodes' | 'wabas' | 'tokens'): readonly string[] =>
    calls.flatMap(({ subject }) => subject[key]);
  const top = access.token === null ? [] : [access.token];
  return {
    upstream: 'graph',
    route: 'batch',
    nodes: all('nodes'),
    wabas: all('wabas'),
    tokens: [...top, ...all('tokens')],
    key: null,
  };
}

/** docs/meta.md §8.3 */
function formError(items: unknown): GraphError | null {
  if (!Array.isArray(items)) return badBatch('Batch parameter must be a JSON array');
  if (items.length > ITEMS_MAX) {
    return badBatch('Too many requests in batch message. Maximum batch size is 50');
  }
  return null;
}

function failed(error: GraphError, version: string | null, traceId: string): Reply {
  return {
    status: error.http,
    headers: graphHeaders({ version, traceId, metering: null }),
    body: envelopeOf(error, traceId),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
