/** The small fleet of the demo: a number in every state, on both upstreams. Everything in it is made up. */

/** What the simulated Meta does to a node before the demo starts. */
type Trouble = Readonly<Record<string, string>>;

interface DemoChannel {
  readonly name: string;
  /** The number as people write it. */
  readonly number: string;
  readonly nodeId: string;
  readonly waba: string;
  /** The 360dialog key by which it is asked; null asks Graph. */
  readonly key: string | null;
}

const GRAPH_TOKEN = 'EAAdemo0000000000000000';

export const DEMO_CHANNELS: readonly DemoChannel[] = [
  graph('support', '+49 30 5550 101', 'acme-retail'),
  graph('sales', '+49 30 5550 102', 'acme-retail'),
  graph('hotline', '+49 30 5550 103', 'acme-retail'),
  graph('orders', '+49 30 5550 104', 'acme-billing'),
  graph('invoices', '+49 30 5550 105', 'acme-billing'),
  graph('promo', '+49 30 5550 106', 'acme-promo'),
  graph('care', '+49 30 5550 107', 'umbrella'),
  dialog360('bookings', '+49 30 5550 108'),
  dialog360('callback', '+49 30 5550 109'),
  dialog360('returns', '+49 30 5550 110'),
];

/** The numbers whose answer says something about calls. */
const WITH_CALLS: ReadonlySet<string> = new Set(['support', 'bookings', 'callback']);

/** The channel that one looks at, and the WABA whose payment fails and is mended. */
export const LOOKED_AT = {
  channel: 'support',
  waba: 'acme-retail',
  wabaId: '200000000000001',
} as const;

/** The channel whose 360dialog key is replaced by somebody else. */
export const REJECTED = { channel: 'returns', key: keyOf('returns') } as const;

export const DEMO_TROUBLES: readonly Trouble[] = [
  { do: 'limit', node: 'sales', why: 'display_name' },
  { do: 'unregister', number: 'hotline' },
  { do: 'block', node: 'acme-billing', why: 'payment' },
  { do: 'ban', waba: 'acme-promo' },
  { do: 'limit', node: 'umbrella-ltd', why: 'unverified' },
  { do: 'block', node: 'callback', why: 'sip' },
];

/** The world file of the simulator. */
export function demoWorld(): unknown {
  return {
    apps: [{ id: '900000000000001', name: 'demo-app' }],
    businesses: [
      { id: '300000000000001', name: 'acme' },
      { id: '300000000000002', name: 'umbrella-ltd' },
    ],
    wabas: [
      waba(1, 'acme-retail', 'acme'),
      waba(2, 'acme-billing', 'acme'),
      waba(3, 'acme-promo', 'acme'),
      waba(4, 'umbrella', 'umbrella-ltd'),
      waba(5, 'acme-service', 'acme'),
    ],
    numbers: DEMO_CHANNELS.map(({ name, number, nodeId, waba: of, key }) => ({
      id: nodeId,
      name,
      waba: of,
      display_phone_number: number,
      ...(WITH_CALLS.has(name) ? { calling: 'available' } : {}),
      ...(key === null ? {} : { key }),
    })),
    tokens: [{ text: GRAPH_TOKEN, app: 'demo-app' }],
    provider_app: 'demo-app',
  };
}

export const DEMO_TOKEN = GRAPH_TOKEN;

function waba(index: number, name: string, business: string) {
  return { id: `20000000000000${index}`, name, business };
}

function graph(name: string, number: string, of: string): DemoChannel {
  return { name, number, nodeId: nodeIdOf(number), waba: of, key: null };
}

function dialog360(name: string, number: string): DemoChannel {
  return { name, number, nodeId: nodeIdOf(number), waba: 'acme-service', key: keyOf(name) };
}

function nodeIdOf(number: string): string {
  return `100000000000${number.slice(-3)}`;
}

function keyOf(name: string): string {
  return `demo-360dialog-key-of-${name}`;
}
