import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld } from './management-world.ts';
import { killDelivery, troubleSupport } from './troubled.ts';

test('deliveries are found by incident, receiver and state', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  const rows: [string, number][] = [
    ['', 2],
    ['?incident=1', 2],
    ['?receiver=ops', 1],
    ['?state=withheld', 1],
    ['?state=withheld&state=pending', 2],
    ['?state=dead', 0],
    ['?incident=1&receiver=night&state=withheld', 1],
  ];
  for (const [query, count] of rows) {
    const { body } = await world.api('GET', `/deliveries${query}`);
    assert.equal(body.items.length, count, query);
  }
  assert.equal((await world.api('GET', '/deliveries?incident=7')).status, 404);
  assert.equal((await world.api('GET', '/deliveries?receiver=nobody')).status, 404);
  assert.equal((await world.api('GET', '/deliveries?state=lost')).status, 400);
});

test('a dead delivery is sent again under its id, with its attempts behind it', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  const [pending] = (await world.api('GET', '/deliveries?receiver=ops')).body.items;
  const early = await world.api('POST', `/deliveries/${pending.id}/replay`);
  assert.equal(early.status, 409);
  assert.match(early.body.detail, /Only a dead delivery is sent again, .* it is still being sent/);
  await killDelivery(world, pending.id);
  const { body: dead } = await world.api('GET', `/deliveries/${pending.id}`);
  assert.deepEqual([dead.state, dead.next_at, dead.reason], ['dead', null, 'It answered 410.']);
  assert.deepEqual(dead.attempts, [
    {
      at: '2026-03-01T00:01:31.000Z',
      took_ms: 12,
      outcome: 'config',
      status: 410,
      detail: 'It answered 410.',
    },
  ]);
  const { body: again } = await world.api('POST', `/deliveries/${pending.id}/replay`);
  assert.deepEqual([again.id, again.state, again.attempts.length], [pending.id, 'pending', 1]);
  assert.equal(again.next_at, '2026-03-01T00:01:31.000Z');
  assert.equal((await world.api('GET', `/deliveries/${pending.id}`)).body.attempts_made, 0);
});

test('what was not to be told is not sent either, nor what is not there', async () => {
  await using world = await startWorld();
  await troubleSupport(world);
  const [withheld] = (await world.api('GET', '/deliveries?state=withheld')).body.items;
  const refused = await world.api('POST', `/deliveries/${withheld.id}/replay`);
  assert.match(refused.body.detail, /it was not to be told/);
  const none = `/deliveries/dl_${'0'.repeat(26)}`;
  assert.equal((await world.api('GET', none)).status, 404);
  assert.equal((await world.api('POST', `${none}/replay`)).status, 404);
});
