/** What the simulated world says about itself: every documented example, and how trouble spreads. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Ajv2020 } from 'ajv/dist/2020.js';

import type { Control } from '#simulator/control.ts';
import { ACME_APP, at, startAcme, SUPPORT, UMBRELLA_TOKEN } from './acme.ts';

const EXAMPLES = 'test/fixtures/health';
const CONTRACT = 'test/fixtures/contract/messaging-api-health.openapi.json';

interface Example {
  readonly read: string;
  readonly happens: (control: Control) => void;
}

/** What has to happen in Acme's world for each documented answer. */
const WORLDS: Readonly<Record<string, Example>> = {
  'phone-available': {
    read: SUPPORT,
    happens: (control) => control.set({ node: 'support', calling: 'available' }),
  },
  'phone-limited-display-name': {
    read: SUPPORT,
    happens: (control) => {
      control.limit({ node: 'support', why: 'display_name' });
      control.set({ node: 'support', reports_id: '105154286024403' });
    },
  },
  'template-blocked': {
    read: '2632273056924580',
    happens: (control) => {
      control.block({ node: 'order_confirmation', why: 'unapproved' });
      control.set({ node: 'order_confirmation', calling: 'available' });
    },
  },
  'phone-sip-only-reported-blocked': {
    read: '597727103418254',
    happens: (control) => {
      control.block({ node: 'sales', why: 'sip' });
      control.set({ node: 'sales', aggregate: 'folded', reports_id: '105154286024403' });
    },
  },
  'phone-sip-only-reported-available': {
    read: SUPPORT,
    happens: (control) => {
      control.block({ node: 'support', why: 'sip' });
      control.set({ node: 'support', app_calling: 'unreported' });
    },
  },
  'phone-blocked-payment': {
    read: SUPPORT,
    happens: (control) => control.block({ node: 'acme', why: 'payment' }),
  },
  'phone-limited-waba-banned': {
    read: SUPPORT,
    happens: (control) => {
      control.limit({ node: 'support', why: 'display_name' });
      control.ban({ waba: 'acme' });
    },
  },
  'phone-limited-business-unverified': {
    read: SUPPORT,
    happens: (control) => control.limit({ node: 'acme-gmbh', why: 'unverified' }),
  },
  'phone-blocked-unregistered': {
    read: SUPPORT,
    happens: (control) => control.unregister({ number: 'support' }),
  },
  'phone-available-webhook-unsubscribed': {
    read: SUPPORT,
    happens: (control) => control.block({ node: 'support', why: 'webhook_unsubscribed' }),
  },
  'flow-blocked-many': {
    read: 'flow-1',
    happens: (control) => {
      control.block({ node: 'acme', why: 'payment' });
      control.ban({ waba: 'acme' });
      control.limit({ node: 'acme-gmbh', why: 'unverified' });
    },
  },
};

test('every documented example is what some world says, key for key in the same order', async () => {
  const names = readdirSync(EXAMPLES)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace('.json', ''));
  assert.deepEqual(names.toSorted(), Object.keys(WORLDS).toSorted());
  for (const name of names) {
    await using simulator = await startAcme();
    const world = WORLDS[name];
    world?.happens(simulator.control);
    const answer = await simulator.graph(`${world?.read}?fields=health_status`);
    const example: unknown = JSON.parse(readFileSync(`${EXAMPLES}/${name}.json`, 'utf8'));
    assert.equal(answer.text, JSON.stringify(example), name);
  }
});

test('what 360dialog says fits its contract, healthy or not', async () => {
  await using simulator = await startAcme();
  const fits = contractValidator();
  const asking = async (what: string): Promise<void> => {
    const { json, status } = await simulator.health();
    assert.equal(status, 200, what);
    assert.ok(fits(json), `${what}: ${JSON.stringify(fits.errors)}`);
  };
  await asking('healthy');
  for (const [name, { read, happens }] of Object.entries(WORLDS)) {
    if (read === SUPPORT) happens(simulator.control);
    await asking(name);
  }
});

test("a failed payment of Acme's WABA shows on all its numbers and on nobody else's", async () => {
  await using simulator = await startAcme();
  simulator.control.block({ node: 'acme', why: 'payment' });
  for (const number of ['106540352242922', '597727103418254', '106540352240003']) {
    const { json } = await simulator.graph(`${number}?fields=health_status`);
    assert.equal(at(json, 'health_status', 'can_send_message'), 'BLOCKED');
    assert.equal(at(json, 'health_status', 'entities', 0, 'can_send_message'), 'AVAILABLE');
    assert.equal(at(json, 'health_status', 'entities', 1, 'errors', 0, 'error_code'), 141006);
  }
  const stranger = await simulator.graph('106540352240009?fields=health_status', UMBRELLA_TOKEN);
  assert.equal(at(stranger.json, 'health_status', 'can_send_message'), 'AVAILABLE');
});

test('a WABA speaks of itself without a number, and then of its business and the app', async () => {
  await using simulator = await startAcme();
  const { json } = await simulator.graph('102290129340398?fields=health_status');
  const entities = at(json, 'health_status', 'entities');
  assert.ok(Array.isArray(entities));
  const types = entities.map((entity: unknown) => at(entity, 'entity_type'));
  assert.deepEqual(types, ['WABA', 'BUSINESS', 'APP']);
});

test("the app of an answer is the token's on Graph and the provider's on 360dialog", async () => {
  await using simulator = await startAcme({
    world: {
      apps: [
        { id: '1', name: 'mine' },
        { id: '2', name: 'theirs' },
      ],
      businesses: [{ id: '3' }],
      wabas: [{ id: '4', business: '3' }],
      numbers: [{ id: '5', waba: '4', key: 'key-of-the-number' }],
      tokens: [{ text: 'token', app: 'mine' }],
      provider_app: 'theirs',
    },
  });
  const direct = await simulator.graph('5?fields=health_status', 'token');
  const provided = await simulator.health('key-of-the-number');
  assert.equal(at(direct.json, 'health_status', 'entities', 3, 'id'), '1');
  assert.equal(at(provided.json, 'health_status', 'entities', 3, 'id'), '2');
});

test('a custom condition on the app of one number leaves the other numbers alone', async () => {
  await using simulator = await startAcme();
  simulator.control.limit({
    node: 'support',
    why: 'custom',
    on: 'APP',
    code: 999,
    description: 'Something new.',
    info: 'A sentence that nobody has seen yet.',
  });
  const support = await simulator.graph(`${SUPPORT}?fields=health_status`);
  assert.deepEqual(at(support.json, 'health_status', 'entities', 3), {
    entity_type: 'APP',
    id: ACME_APP,
    can_send_message: 'LIMITED',
    errors: [{ error_code: 999, error_description: 'Something new.', possible_solution: '' }],
    additional_info: ['A sentence that nobody has seen yet.'],
  });
  const orders = await simulator.graph('106540352240003?fields=health_status');
  assert.equal(at(orders.json, 'health_status', 'can_send_message'), 'AVAILABLE');
});

test('recovery takes away one reason, then all of them', async () => {
  await using simulator = await startAcme();
  const { control } = simulator;
  control.block({ node: 'acme', why: 'payment' });
  control.ban({ waba: 'acme' });
  control.recover({ node: 'acme', why: 'payment' });
  const banned = await simulator.graph(`${SUPPORT}?fields=health_status`);
  assert.match(banned.text, /141014/);
  assert.doesNotMatch(banned.text, /141006/);
  control.recover({});
  const well = await simulator.graph(`${SUPPORT}?fields=health_status`);
  assert.equal(at(well.json, 'health_status', 'can_send_message'), 'AVAILABLE');
});

function contractValidator(): ReturnType<Ajv2020['compile']> {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema(JSON.parse(readFileSync(CONTRACT, 'utf8')), 'contract');
  const schema = 'contract#/components/schemas/health_status.GetHealthStatusResponse';
  return ajv.compile({ $ref: schema });
}
