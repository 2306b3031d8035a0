/**
 * The control API: JSON over HTTP, for this machine only. A peer that is not loopback is refused, and
 * so is a `Host` that is not: a web page in somebody's browser could otherwise be made to drive it.
 */
import { ACTIONS } from './action.ts';
import type { Control } from './control.ts';
import type { Incoming } from './incoming.ts';
import { Refusal } from './refusal.ts';
import type { Reply } from './reply.ts';
import { jsonReply } from './reply.ts';
import type { SimulatorState } from './state.ts';

export interface ControlRequest extends Incoming {
  /** The address of whoever asks. */
  readonly peer: string;
}

interface Context {
  readonly state: SimulatorState;
  readonly control: Control;
  readonly request: ControlRequest;
  /** The path behind the route's own name, decoded. */
  readonly rest: string;
}

const LOOPBACK_PEER = /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/;
const LOOPBACK_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

/** By method and first part of the path; the rest of the path is an argument. */
const ROUTES: Readonly<Record<string, (context: Context) => unknown>> = {
  'GET ': () => GUIDE,
  'POST actions': ({ control, request }) => {
    const sent = jsonIn(request.body);
    return Array.isArray(sent) ? sent.map((action) => control.do(action)) : control.do(sent);
  },
  'GET faults': ({ control }) => control.faults(),
  'POST faults': ({ control, request }) => control.do({ ...objectIn(request.body), do: 'fault' }),
  'DELETE faults': ({ control, rest }) => control.clear(rest === '' ? {} : { fault: rest }),
  'GET counters': ({ control, rest }) =>
    rest === '' ? control.counts() : { reads: control.readsOf(rest) },
  'DELETE counters': ({ control }) => {
    control.resetCounts();
    return {};
  },
  'GET scenario': ({ control }) => control.scenario(),
  'POST scenario': ({ control, request }) => {
    control.playFrom(jsonIn(request.body));
    return control.scenario();
  },
  'DELETE scenario': ({ control }) => {
    control.stop();
    return {};
  },
  'GET world': ({ state }) => ({
    generated: state.world.fleet.size,
    nodes: state.world.stated(),
    provider_app: state.world.providerAppId,
    versions: state.versions,
    quotas: state.quotas.settings,
    ...state.credentials.summary(),
  }),
  'GET webhooks': ({ state }) => state.webhooks.sent(),
  'GET nodes': ({ state, rest }) => {
    const node = state.world.named(rest);
    return { ...node, ...state.world.state(node.id), reads: state.counters.readsOfNode(node.id) };
  },
};

const GUIDE = {
  'POST /control/actions':
    'an action or a list of them, such as {"do":"block","node":"acme","why":"payment"}',
  'GET, POST, DELETE /control/faults[/<id>]': 'the faults in force; POST is the action "fault"',
  'GET, DELETE /control/counters[/<node or key>]': 'how often what was read',
  'GET, POST, DELETE /control/scenario': 'a list of actions with after_ms and every_ms',
  'GET /control/world': 'what there is',
  'GET /control/webhooks': "Meta's webhooks that were sent, and how that ended",
  'GET /control/nodes/<id or name>': 'one node and what is wrong with it',
  actions: Object.fromEntries(
    Object.entries(ACTIONS).map(([name, form]) => [name, Object.keys(form).join(', ')]),
  ),
};

export function controlReply(
  { state, control }: { state: SimulatorState; control: Control },
  request: ControlRequest,
): Reply {
  try {
    admit(request);
    const [name = '', ...rest] = request.path.split('/');
    const route = ROUTES[`${request.method} ${name}`];
    if (!route) throw noRoute(request, name);
    return jsonReply(200, route({ state, control, request, rest: decoded(rest.join('/')) }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return jsonReply(error.status, { error: error.message });
  }
}

function admit({ peer, headers }: ControlRequest): void {
  if (!LOOPBACK_PEER.test(peer)) {
    throw new Refusal(
      'The control API answers this machine only, through its loopback address.',
      403,
    );
  }
  if (LOOPBACK_HOST.test(headers.host ?? '')) return;
  throw new Refusal(
    'The control API answers a loopback Host only: localhost, 127.0.0.1 or [::1].',
    403,
  );
}

function noRoute({ method, path }: ControlRequest, name: string): Refusal {
  const methods = Object.keys(ROUTES)
    .filter((route) => route.split(' ')[1] === name)
    .map((route) => route.split(' ')[0]);
  if (methods.length > 0) {
    return new Refusal(`/control/${name} takes ${methods.join(', ')}, not ${method}.`, 405);
  }
  return new Refusal(`There is no /control/${path}; GET /control lists what there is.`, 404);
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal('The body must be JSON.');
  }
}

function objectIn(body: string): object {
  const value = jsonIn(body);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Refusal('The body must be a JSON object.');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal('The path is not well encoded: a % must be followed by two hex digits.');
  }
}
