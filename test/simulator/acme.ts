/** Acme and the stranger Umbrella as a simulated world, and how tests talk to it. */
import { startSimulator } from '#simulator/start.ts';
import type { Simulator, SimulatorOptions } from '#simulator/start.ts';
import type { WorldFile } from '#simulator/world-file.ts';

export const ACME_TOKEN = 'EAAGacmeTokenOfTheSystemUser';
export const UMBRELLA_TOKEN = 'EAAGumbrellaTokenOfTheSystemUser';
export const SUPPORT_KEY = 'support-key-0123456789abcdef';
export const APP_SECRET = '0123456789abcdef0123456789abcdef';

/** The ids of Meta's own examples (docs/meta.md §1.4). */
export const SUPPORT = '106540352242922';
export const ACME = '102290129340398';
export const ACME_APP = '634974688087057';

export const ACME_WORLD: WorldFile = {
  apps: [
    { id: ACME_APP, name: 'acme-app', secret: APP_SECRET },
    { id: '634974688087099', name: 'umbrella-app' },
  ],
  businesses: [
    { id: '506914307656634', name: 'acme-gmbh' },
    { id: '506914307650000', name: 'umbrella-corp' },
  ],
  wabas: [
    { id: ACME, name: 'acme', business: 'acme-gmbh' },
    { id: '102290129340000', name: 'umbrella', business: 'umbrella-corp', partner: 'acme-gmbh' },
  ],
  numbers: [
    { id: SUPPORT, name: 'support', waba: 'acme', key: SUPPORT_KEY },
    { id: '597727103418254', name: 'sales', waba: 'acme', key: 'sales-key-0123456789abcdef' },
    { id: '106540352240003', name: 'orders', waba: 'acme' },
    { id: '106540352240009', name: 'umbrella-desk', waba: 'umbrella' },
  ],
  templates: [{ id: '2632273056924580', name: 'order_confirmation', waba: 'acme' }],
  flows: [{ id: 'flow-1', name: 'survey', waba: 'acme' }],
  tokens: [
    { text: ACME_TOKEN, app: 'acme-app', wabas: ['acme'] },
    { text: UMBRELLA_TOKEN, app: 'umbrella-app', wabas: ['umbrella'] },
  ],
};

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

export interface AcmeSimulator extends Simulator, AsyncDisposable {
  /** Reads a path behind `/graph/v26.0/`, with Acme's token unless told. */
  graph(path: string, token?: string): Promise<Answered>;
  /** Reads 360dialog's health of a key. */
  health(key?: string): Promise<Answered>;
}

/** The world running on a free port; closed at the end of the block that holds it. */
export async function startAcme(options: SimulatorOptions = {}): Promise<AcmeSimulator> {
  const simulator = await startSimulator({ world: ACME_WORLD, ...options });
  return {
    ...simulator,
    graph: (path, token = ACME_TOKEN) =>
      ask(`${simulator.graphUrl}/v26.0/${path}`, {
        headers: { authorization: `Bearer ${token}` },
      }),
    health: (key = SUPPORT_KEY) =>
      ask(`${simulator.dialog360Url}/health_status`, { headers: { 'D360-API-KEY': key } }),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answered> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: jsonIn(text) };
}

/** Sends JSON to the control API. */
export function tell(simulator: Simulator, path: string, body: unknown): Promise<Answered> {
  return ask(`${simulator.controlUrl}/${path}`, { method: 'POST', body: JSON.stringify(body) });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A value inside JSON, by path; undefined where there is nothing. */
export function at(json: unknown, ...path: readonly (string | number)[]): unknown {
  let value = json;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}
