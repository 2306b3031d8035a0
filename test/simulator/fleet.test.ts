/** The generated world: as large as wanted, the same each time, and changed like any other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { WorldFile } from '#simulator/world-file.ts';
import { ask, at, startAcme } from './acme.ts';

const FLEET: WorldFile = {
  generate: { numbers: 100_000, wabas: 5_000, businesses: 50, apps: 2, tokens: 20, templates: 3 },
};

test('every one of 100,000 numbers answers, by token and by key', async () => {
  await using simulator = await startAcme({ world: FLEET });
  for (const index of [0, 1, 4_999, 50_000, 99_999]) {
    const id = String(100_000_000_000_000 + index);
    const key = `simkey-${String(index).padStart(16, '0')}`;
    const token = `EAAsim${String(Math.floor(index / 5_000)).padStart(16, '0')}`;
    const provided = await simulator.health(key);
    assert.equal(at(provided.json, 'health_status', 'entities', 0, 'id'), id);
    const direct = await simulator.graph(`${id}?fields=health_status`, token);
    const waba = String(200_000_000_000_000 + Math.floor(index / 20));
    assert.equal(at(direct.json, 'health_status', 'entities', 1, 'id'), waba);
  }
  const beyond = await simulator.health('simkey-0000000000100000');
  assert.equal(beyond.status, 401);
});

test('each generated WABA lists exactly its own numbers, and each number is in one list', async () => {
  const generate = { numbers: 103, wabas: 7, businesses: 3, apps: 1, tokens: 2 };
  await using simulator = await startAcme({ world: { generate } });
  const seen: unknown[] = [];
  for (let waba = 0; waba < 7; waba += 1) {
    const token = `EAAsim${String(Math.floor((waba * 2) / 7)).padStart(16, '0')}`;
    const id = String(200_000_000_000_000 + waba);
    const { json } = await simulator.graph(`${id}/phone_numbers?limit=100`, token);
    const data = at(json, 'data');
    assert.ok(Array.isArray(data), JSON.stringify(json));
    for (const item of data) {
      const number = at(item, 'id');
      seen.push(number);
      const health = await simulator.graph(`${String(number)}?fields=health_status`, token);
      assert.equal(at(health.json, 'health_status', 'entities', 1, 'id'), id);
    }
  }
  assert.equal(new Set(seen).size, 103);
  assert.equal(seen.length, 103);
});

test('a token reads its block of WABAs and no other', async () => {
  await using simulator = await startAcme({ world: FLEET });
  const first = 'EAAsim0000000000000000';
  assert.equal((await simulator.graph('200000000000249', first)).status, 200);
  assert.equal((await simulator.graph('200000000000250', first)).status, 400);
  const businesses = await simulator.graph('me/businesses?limit=100', first);
  assert.equal(Object(at(businesses.json, 'data')).length, 3);
});

test('one generated WABA can be blocked by its name, and 20 numbers show it', async () => {
  await using simulator = await startAcme({ world: FLEET });
  simulator.control.block({ node: 'waba-17', why: 'payment' });
  const blocked = [];
  for (let index = 330; index < 370; index += 1) {
    const { json } = await simulator.health(`simkey-${String(index).padStart(16, '0')}`);
    if (at(json, 'health_status', 'can_send_message') === 'BLOCKED') blocked.push(index);
  }
  assert.deepEqual(
    blocked,
    Array.from({ length: 20 }, (_, offset) => 340 + offset),
  );
});

test('a partner shares in the WABAs of everybody else', async () => {
  const generate = { numbers: 40, wabas: 4, businesses: 4, partner: true };
  await using simulator = await startAcme({ world: { generate } });
  const token = 'EAAsim0000000000000000';
  const edge = '300000000000000/client_whatsapp_business_accounts';
  const { json } = await simulator.graph(`${edge}?fields=id`, token);
  assert.deepEqual(at(json, 'data'), [
    { id: '200000000000001' },
    { id: '200000000000002' },
    { id: '200000000000003' },
  ]);
});

test('templates of a generated WABA can be listed and read', async () => {
  await using simulator = await startAcme({ world: FLEET });
  const token = 'EAAsim0000000000000000';
  const { json } = await simulator.graph('200000000000002/message_templates', token);
  const id = String(at(json, 'data', 2, 'id'));
  const health = await simulator.graph(`${id}?fields=health_status`, token);
  const entities = ['health_status', 'entities'];
  assert.equal(at(health.json, ...entities, 0, 'entity_type'), 'MESSAGE_TEMPLATE');
  assert.equal(at(health.json, ...entities, 1, 'id'), '200000000000002');
});

test('a world with mistakes is refused with all of them', async () => {
  assert.match(
    await refusal({ numbers: [{ id: 5 }], wabas: [{}], generate: { tokens: -1 } }),
    /"id" of numbers\[0\] must be a text.*"id" of wabas\[0\] is missing.*"business" of wabas\[0\].*"tokens" of "generate"/,
  );
  assert.match(
    await refusal({ businesses: [{ id: '1' }, { id: '2', name: '1' }] }),
    /Two nodes of the world are called "1"/,
  );
  assert.match(
    await refusal({ wabas: [{ id: '1', business: 'nobody' }] }),
    /There is no node "nobody" in this world/,
  );
  assert.match(
    await refusal({ scenario: [{ do: 'ban', waba: 'nobody' }] }),
    /The scenario cannot start: There is no node "nobody"/,
  );
  assert.match(await refusal({ colour: 'red' }), /The world has no field "colour"; it takes seed/);
});

test('closing frees the port even while a read hangs', async () => {
  const simulator = await startAcme({ world: FLEET });
  simulator.control.fault({ kind: 'hang' });
  const hanging = ask(`${simulator.dialog360Url}/health_status`).catch(() => 'cut');
  await simulator.close();
  assert.equal(await hanging, 'cut');
  await assert.rejects(simulator.health(), TypeError);
});

/** The sentence with which a world is refused. */
async function refusal(world: object): Promise<string> {
  try {
    await startAcme({ world });
    return 'it started';
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
}
