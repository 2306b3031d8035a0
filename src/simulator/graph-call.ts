/**
 * One Graph call, alone or as an item of a batch: version, token, proof, route, quota, answer, in this
 * order. What it touched is noted on the call, for faults and counters.
 */
import { MANAGEMENT_SCOPE } from './credentials.ts';
import type { Token } from './credentials.ts';
import { debugTokenText } from './debug-token.ts';
import { fieldsAsked, nodeBody, unknownFieldOf } from './fields.ts';
import type { GraphAccess } from './graph-access.ts';
import { admissionOf, maySee } from './graph-access.ts';
import type { GraphError } from './graph-error.ts';
import {
  envelopeOf,
  FORBIDDEN,
  missingNode,
  removedParameter,
  unknownField,
  unknownPath,
} from './graph-error.ts';
import { graphHeaders, meter } from './graph-headers.ts';
import type { Metering } from './graph-headers.ts';
import { businessesOf, EDGES, pageText } from './graph-list.ts';
import { healthBody } from './health.ts';
import type { SimNode } from './node.ts';
import { GRAPH_TYPE_NAMES } from './node.ts';
import type { Reply } from './reply.ts';
import type { SimulatorState } from './state.ts';
import { isVersion, servingVersion } from './versions.ts';

export interface GraphCall {
  readonly method: string;
  /** The path behind `/graph/`, without a leading slash or the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly access: GraphAccess;
  /** The address of this Graph, for `paging.next`: `http://host/graph`. */
  readonly base: string;
  /** Filled in while answering. */
  readonly touched: Touched;
}

export interface Touched {
  route: string;
  nodeId: string | null;
  wabaId: string | null;
}

/** What a route finds: the body, or the error, and whose quota it uses. */
interface Found {
  readonly body?: string;
  readonly error?: GraphError;
  readonly waba?: string | null;
}

interface Admitted {
  readonly call: GraphCall;
  readonly token: Token;
  readonly version: string;
  /** The parts of the path behind the version. */
  readonly parts: readonly string[];
}

export function nothingTouched(): Touched {
  return { route: 'unknown', nodeId: null, wabaId: null };
}

export function answerGraphCall(state: SimulatorState, call: GraphCall): Reply {
  const traceId = state.trace.next();
  const parts = call.path.split('/').filter((part) => part !== '');
  const asked = parts[0] !== undefined && isVersion(parts[0]) ? (parts.shift() ?? null) : null;
  const version = servingVersion(asked, state.versions);
  const reply = (found: Found, metering: Metering | null): Reply => ({
    status: found.error?.http ?? 200,
    headers: graphHeaders({ version, traceId, metering }),
    body: found.error ? envelopeOf(found.error, traceId) : (found.body ?? '{}'),
  });
  if (version === null) return reply({ error: unknownPath(call.path) }, null);
  note(state, call.touched, parts);
  if (parts[0] === 'debug_token') return reply(debugTokenText(state, call), null);
  const admission = admissionOf(state, call.access);
  if (!admission.ok) return reply({ error: admission.error }, null);
  const found = find(state, { call, token: admission.token, version, parts });
  const metering = meter(state, admission.token, found.waba ?? null);
  return reply(metering?.refusal ? { error: metering.refusal } : found, metering);
}

/** What the call is about, also when whoever asks is turned away: faults and counters want to know. */
function note(
  { world, counters }: SimulatorState,
  touched: Touched,
  parts: readonly string[],
): void {
  const [first, second] = parts;
  if (first === undefined) return;
  if (first === 'me' || first === 'debug_token') {
    touched.route = parts.slice(0, 2).join('/');
    return;
  }
  const node = world.node(first);
  touched.route = second ?? 'node';
  touched.nodeId = first;
  touched.wabaId = node && world.wabaOf(node);
  counters.read(first);
}

function find(state: SimulatorState, admitted: Admitted): Found {
  const { call, parts } = admitted;
  const [first, second, ...more] = parts;
  const removed = removedIn(call.query);
  if (removed) return { error: removed };
  if (first === undefined || more.length > 0) return { error: unknownPath(parts.join('/')) };
  if (call.method !== 'GET' && call.method !== 'HEAD') {
    return { error: missingNode(first, call.method) };
  }
  // docs/meta.md §8.16
  if (first !== 'me' && !admitted.token.scopes.includes(MANAGEMENT_SCOPE)) {
    return { error: FORBIDDEN };
  }
  if (first === 'me') return findMe(state, admitted, second);
  const node = state.world.node(first);
  if (node === null || !maySee(state, admitted.token, node)) {
    return { error: missingNode(first, call.method) };
  }
  return second === undefined
    ? findNode(state, admitted, node)
    : findEdge(state, admitted, { node, name: second });
}

function findNode(state: SimulatorState, { call, token }: Admitted, node: SimNode): Found {
  const waba = state.world.wabaOf(node);
  const fields = fieldsAsked(call.query.get('fields'));
  if (fields?.length === 1 && fields[0] === 'health_status' && waba !== null) {
    return { body: healthBody(state.world, node, token.appId), waba };
  }
  const error = fieldError(node, fields);
  if (error) return { error, waba };
  return { body: nodeBody(state.world, node, { fields, appId: token.appId }), waba };
}

function fieldError(node: SimNode, fields: readonly string[] | null): GraphError | null {
  if (node.type === 'WABA' && fields?.includes('primary_funding_id')) return FORBIDDEN;
  const unknown = unknownFieldOf(node, fields ?? []);
  return unknown === null ? null : unknownField(unknown, GRAPH_TYPE_NAMES[node.type]);
}

function findEdge(
  state: SimulatorState,
  admitted: Admitted,
  { node, name }: { node: SimNode; name: string },
): Found {
  const edge = Object.hasOwn(EDGES, name) ? EDGES[name] : undefined;
  if (edge?.of !== node.type) return { error: unknownField(name, GRAPH_TYPE_NAMES[node.type]) };
  const ids = edge.ids(state, node, admitted.token);
  return { ...listed(state, admitted, ids), waba: state.world.wabaOf(node) };
}

function findMe(state: SimulatorState, admitted: Admitted, edge: string | undefined): Found {
  if (edge === undefined)
    return { body: '{"name":"Simulated system user","id":"104169029247128"}' };
  if (edge !== 'businesses') return { error: unknownField(edge, 'SystemUser') };
  return listed(state, admitted, businessesOf(state, admitted.token));
}

/** A list of nodes, with the fields that were asked for; an unknown one fails the whole list. */
function listed(state: SimulatorState, admitted: Admitted, ids: readonly string[]): Found {
  const { call, token, version, parts } = admitted;
  const fields = fieldsAsked(call.query.get('fields'));
  const sample = ids[0] === undefined ? null : state.world.node(ids[0]);
  const error = sample && fieldError(sample, fields);
  if (error) return { error };
  const address = `${call.base}/${version}/${parts.join('/')}`;
  const body = pageText(ids, { query: call.query, address }, (id) => {
    const node = state.world.node(id);
    return node ? nodeBody(state.world, node, { fields, appId: token.appId }) : '{}';
  });
  return { body };
}

/** docs/meta.md §4.4 */
function removedIn(query: URLSearchParams): GraphError | null {
  for (const name of ['ids', 'date_format']) if (query.has(name)) return removedParameter(name);
  return null;
}
