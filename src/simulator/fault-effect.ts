/** What a fault makes of an answer. Pure: delays and dead connections are the server's part. */
import type { FaultSpec, Subject } from './faults.ts';
import { envelopeOf } from './graph-error.ts';
import type { JsonObject } from './form.ts';
import { isObject } from './form.ts';
import type { Reply } from './reply.ts';

export interface Stricken {
  readonly reply: Reply;
  readonly subject: Subject;
  readonly traceId: string;
}

/** The answer after a fault; the same one for faults that leave it alone. */
export function strickenReply(fault: FaultSpec, about: Stricken): Reply {
  const { reply } = about;
  const status = fault.status ?? reply.status;
  const headers = [...reply.headers, ...Object.entries(fault.headers).flat()];
  const body = reply.body;
  switch (fault.kind) {
    case 'status':
      return { status: fault.status ?? 503, headers, body: failureBody(fault, about) };
    case 'graph_error':
      return { status: fault.status ?? 400, headers, body: graphErrorBody(fault, about) };
    case 'error_in_200':
      return { status: 200, headers, body: graphErrorBody(fault, about) };
    case 'html':
      return { status: fault.status ?? 502, headers: asHtml(headers), body: HTML_PAGE };
    case 'empty':
      return { status, headers, body: '' };
    case 'body':
      return { status: fault.status ?? 200, headers, body: fault.body };
    case 'truncated':
      return { status, headers, body: body.slice(0, Math.ceil(body.length / 2)) };
    case 'oversized':
      return { status, headers, body: padded(body, fault.bytes) };
    case 'deep':
      return { status, headers, body: deepened(body, fault.depth) };
    case 'unquoted_ids':
      return { status, headers, body: unquoted(body, fault.digits) };
    case 'wrong_types':
    case 'unknown_field':
    case 'unknown_type':
    case 'unknown_word':
    case 'null_errors':
      return { status, headers, body: altered(body, fault) };
    default:
      return reply;
  }
}

function asHtml(headers: readonly string[]): readonly string[] {
  const type = headers.indexOf('content-type') + 1;
  return type === 0 ? headers : headers.with(type, 'text/html; charset=utf-8');
}

const HTML_PAGE =
  '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center>' +
  '<hr><center>proxy</center></body></html>\n';

/** A 360dialog failure is shape A (docs/dialog360.md §2.1), one of Graph an envelope. */
function failureBody(fault: FaultSpec, about: Stricken): string {
  if (about.subject.upstream === 'graph') return graphErrorBody({ ...fault, code: 2 }, about);
  const text =
    fault.status === 502 ? 'WhatsApp for Business API not available' : 'Internal server error';
  return JSON.stringify({ error: fault.message ?? text });
}

function graphErrorBody(fault: FaultSpec, { subject, traceId }: Stricken): string {
  const message = fault.message ?? `(#${fault.code}) Service temporarily unavailable`;
  const transient = fault.transient ?? (fault.kind === 'status' ? true : null);
  return envelopeOf(
    {
      http: 0,
      message: message
        .replaceAll('{token}', subject.tokens[0] ?? '')
        .replaceAll('{key}', subject.key ?? ''),
      type: 'OAuthException',
      code: fault.code,
      ...(fault.subcode === null ? {} : { subcode: fault.subcode }),
      ...(transient === null ? {} : { transient }),
    },
    traceId,
  );
}

/** The same object with a text field that makes it `bytes` long. */
function padded(body: string, bytes: number): string {
  const missing = bytes - Buffer.byteLength(body) - ',"padding":""'.length;
  return withField(body, `"padding":"${'x'.repeat(Math.max(0, missing))}"`);
}

function deepened(body: string, depth: number): string {
  return withField(body, `"deep":${'['.repeat(depth)}${']'.repeat(depth)}`);
}

function withField(body: string, field: string): string {
  return body.endsWith('}') ? `${body.slice(0, -1)},${field}}` : body;
}

function unquoted(body: string, digits: number): string {
  return body.replace(/"id":"(\d+)"/g, (_, id: string) => `"id":${id.padStart(digits, '9')}`);
}

/**
 * A body changed as a value. One that is no health answer stays as it is, and so does one that another
 * fault has made unreadable, or too deep to be written again.
 */
function altered(body: string, fault: FaultSpec): string {
  try {
    return rewritten(body, fault);
  } catch {
    return body;
  }
}

function rewritten(body: string, fault: FaultSpec): string {
  const value: unknown = JSON.parse(body);
  const health = isObject(value) ? value['health_status'] : null;
  if (!isObject(value) || !isObject(health)) return body;
  if (fault.kind === 'wrong_types') return JSON.stringify(mistyped(value, health, fault.what));
  const entities = entitiesOf(health);
  const changed =
    fault.kind === 'unknown_type' ? [...entities, STRANGER] : entities.map(alter(fault));
  const status = { ...health, entities: changed };
  if (fault.kind !== 'unknown_field') return JSON.stringify({ ...value, health_status: status });
  return JSON.stringify({
    health_status: { ...status, can_receive_video: 'AVAILABLE' },
    new_field: { since: 2026 },
    id: value['id'],
  });
}

/** An entity type that does not exist yet. */
const STRANGER = {
  entity_type: 'MESSAGING_ACCOUNT',
  id: '900000000000001',
  can_send_message: 'AVAILABLE',
  can_receive_video: 'AVAILABLE',
};

function alter(fault: FaultSpec): (entity: JsonObject, index: number) => JsonObject {
  return (entity, index) => {
    if (fault.kind === 'unknown_word') {
      return index === 0 ? { ...entity, can_send_message: fault.word } : entity;
    }
    if (fault.kind === 'null_errors') return { errors: null, ...entity };
    return { ...entity, can_receive_video: 'AVAILABLE' };
  };
}

function mistyped(value: JsonObject, health: JsonObject, what: FaultSpec['what']): unknown {
  const entities = entitiesOf(health);
  const put = (changed: unknown): unknown => ({
    ...value,
    health_status: { ...health, entities: changed },
  });
  switch (what) {
    case 'root':
      return [value];
    case 'health_status':
      return { ...value, health_status: 'AVAILABLE' };
    case 'entities':
      return put({ first: entities[0] });
    case 'entity':
      return put(['PHONE_NUMBER', ...entities.slice(1)]);
    case 'word':
      return put(entities.map((entity) => ({ ...entity, can_send_message: 1 })));
    default:
      return put(
        entities.map((entity) => ({
          ...entity,
          errors: [{ error_code: '141000', error_description: 7, possible_solution: null }],
        })),
      );
  }
}

function entitiesOf(health: JsonObject): readonly JsonObject[] {
  const entities = health['entities'];
  return Array.isArray(entities) ? entities.filter((entity) => isObject(entity)) : [];
}
