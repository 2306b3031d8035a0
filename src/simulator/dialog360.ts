/** 360dialog's Messaging API, as far as it is about health: all by key (docs/dialog360.md). */
import type { Key, KeyState, Webhook } from './credentials.ts';
import { strickenReply } from './fault-effect.ts';
import type { Subject } from './faults.ts';
import { fieldsAsked, nodeBody, unknownFieldOf } from './fields.ts';
import { isObject } from './form.ts';
import type { GraphError } from './graph-error.ts';
import { envelopeOf, missingNode, unknownField } from './graph-error.ts';
import { healthBody } from './health.ts';
import type { Exchange, Incoming } from './incoming.ts';
import { GRAPH_TYPE_NAMES } from './node.ts';
import type { Reply } from './reply.ts';
import { JSON_TYPE, jsonReply } from './reply.ts';
import type { SimulatorState } from './state.ts';

/** docs/dialog360.md §2.2, §5.1 and §5.2, word for word. */
const REFUSALS: Readonly<Record<Exclude<KeyState, 'valid'>, readonly [number, string]>> = {
  expired: [401, 'Invalid API key'],
  invalid: [401, 'Invalid API key'],
  disabled: [400, 'WhatsApp for Business API has been disabled'],
  throttled: [400, 'You have exceeded the endpoint rate limit'],
  unpaid: [
    400,
    'Message could not be sent due to lack of payment. Please settle the overdue invoices',
  ],
  forbidden: [403, 'The endpoint is blocked'],
  broken: [500, 'Internal server error'],
  unavailable: [502, 'WhatsApp for Business API not available'],
};

const WEBHOOK_PATH = 'v1/configs/webhook';

export function exchangeWithDialog360(state: SimulatorState, incoming: Incoming): Exchange {
  const header = incoming.headers['d360-api-key'];
  const text = typeof header === 'string' && header !== '' ? header : null;
  const key = text === null ? null : state.credentials.key(text);
  const route = ROUTE_NAMES[incoming.path] ?? 'unknown';
  state.counters.route(`dialog360 ${route}`);
  if (text !== null) state.counters.key(text);
  const number = key === null ? null : state.world.node(key.numberId);
  if (number) state.counters.read(number.id);
  const subject: Subject = {
    upstream: 'dialog360',
    route,
    nodes: number ? [number.id] : [],
    wabas: number?.parentId ? [number.parentId] : [],
    tokens: [],
    key: text,
  };
  let reply = replyTo(state, incoming, key);
  for (const fault of state.faults.strike(['item'], subject)) {
    reply = strickenReply(fault, { reply, subject, traceId: state.trace.next() });
  }
  return { reply, subject };
}

const ROUTE_NAMES: Readonly<Record<string, string>> = {
  health_status: 'health_status',
  [WEBHOOK_PATH]: 'webhook',
};

function replyTo(state: SimulatorState, incoming: Incoming, key: Key | null): Reply {
  if (key === null) return jsonReply(401, { error: 'Invalid API key' });
  const over = key.until !== null && key.until <= state.clock.now();
  if (key.state !== 'valid' && !over) {
    const [status, error] = REFUSALS[key.state];
    return jsonReply(status, { error });
  }
  if (incoming.path === 'health_status') return healthReply(state, incoming, key);
  if (incoming.path === WEBHOOK_PATH) return webhookReply(state, incoming, key);
  return jsonReply(404, { error: 'Not found' });
}

/** Meta's body of the number behind the key, passed on (docs/dialog360.md §1.3, §5.4). */
function healthReply(state: SimulatorState, { method, query }: Incoming, key: Key): Reply {
  if (method !== 'GET' && method !== 'HEAD') return jsonReply(405, { error: 'Method not allowed' });
  const { world } = state;
  const node = world.node(key.numberId);
  if (node === null) return passedOn(state, missingNode(key.numberId, 'GET'));
  const appId = world.providerAppId;
  const named = fieldsAsked(query.get('fields'));
  if (named === null) return bodyReply(healthBody(world, node, appId));
  const unknown = unknownFieldOf(node, named);
  if (unknown !== null) {
    return passedOn(state, unknownField(unknown, GRAPH_TYPE_NAMES[node.type]));
  }
  const fields = [...new Set(['health_status', ...named])];
  return bodyReply(nodeBody(world, node, { fields, appId }));
}

function bodyReply(body: string): Reply {
  return { status: 200, headers: JSON_TYPE, body };
}

/** One of Meta's errors, passed through in shape B (docs/dialog360.md §2.1, §5.3, §5.5). */
function passedOn(state: SimulatorState, error: GraphError): Reply {
  return {
    status: error.http,
    headers: JSON_TYPE,
    body: envelopeOf(error, state.trace.next()),
  };
}

/** docs/dialog360.md §3 */
function webhookReply(state: SimulatorState, { method, body }: Incoming, key: Key): Reply {
  const { credentials } = state;
  if (method === 'GET' || method === 'HEAD') {
    const webhook = credentials.webhookOf(key.numberId);
    return webhook ? jsonReply(200, webhook) : jsonReply(404, { error: 'Webhook not found' });
  }
  if (method !== 'POST') return jsonReply(405, { error: 'Method not allowed' });
  const webhook = webhookIn(body);
  if (webhook === null) return jsonReply(400, { error: 'Invalid webhook URL' });
  credentials.setWebhook(key.numberId, webhook);
  return jsonReply(200, webhook);
}

/** The webhook in a body; null when its URL has an underscore or a port in the host (§3). */
function webhookIn(body: string): Webhook | null {
  const sent = parsed(body);
  if (!isObject(sent) || typeof sent['url'] !== 'string') return null;
  const url = URL.parse(sent['url']);
  if (!url || url.port !== '' || url.hostname.includes('_')) return null;
  const headers = sent['headers'];
  return { url: sent['url'], ...(isObject(headers) ? { headers } : {}) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
