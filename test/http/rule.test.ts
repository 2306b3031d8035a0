import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld } from './management-world.ts';
import type { World } from './management-world.ts';

test('a rule is put, shown, replaced and removed', async () => {
  await using world = await startWorld();
  const [ops] = await receivers(world, 'ops');
  const match = {
    severity: ['critical', 'error'],
    entity_type: ['WABA'],
    effect: [{ name: 'business_initiated', level: 'no' }],
    numbers_min: 10,
    labels: { tier: 'gold' },
    without_labels: { customer: 'umbrella' },
  };
  const body = { match, receivers: ['ops'], group_seconds: 60, remind_after_seconds: null };
  const created = await world.api('PUT', '/rules/gold', { body });
  assert.equal(created.status, 201, created.text);
  assert.deepEqual(created.body, {
    id: created.body.id,
    name: 'gold',
    match,
    receivers: [{ id: ops, name: 'ops' }],
    group_seconds: 60,
    remind_after_seconds: null,
    remind_every_seconds: 86_400,
    is_enabled: true,
    created_at: '2026-03-01T00:00:00.000Z',
    updated_at: '2026-03-01T00:00:00.000Z',
  });
  assert.deepEqual((await world.api('GET', '/rules/gold')).body, created.body);
  assert.deepEqual((await world.api('GET', '/rules')).body.items, [created.body]);
  const less = { receivers: [ops, 'ops'], is_enabled: false };
  const replaced = await world.api('PUT', '/rules/gold', { body: less });
  assert.equal(replaced.status, 200);
  assert.deepEqual([replaced.body.match, replaced.body.is_enabled], [{}, false]);
  assert.equal(replaced.body.receivers.length, 1);
  assert.equal((await world.api('DELETE', '/rules/gold')).status, 204);
  assert.equal((await world.api('GET', '/rules/gold')).status, 404);
});

test('a rule names receivers that are there', async () => {
  await using world = await startWorld();
  const none = await world.api('PUT', '/rules/gold', { body: { receivers: ['ops'] } });
  assert.equal(none.status, 404);
  assert.match(none.body.detail, /There is no receiver ops/);
});

test('what no rule can mean is refused with what would be right', async () => {
  await using world = await startWorld();
  await receivers(world, 'ops');
  const rows: [object, RegExp][] = [
    [{ receivers: [] }, /receivers must be 1 to 100 names or ids of receivers/],
    [{}, /receivers is missing/],
    [{ match: { severity: ['bad'] } }, /match\.severity\.0 must be critical or error or/],
    [{ match: { severity: [] } }, /match\.severity must be a list of 1 to 50 severities/],
    [{ match: { colour: ['red'] } }, /match\.colour is not known here; known are severity/],
    [{ match: { numbers_min: 0 } }, /numbers_min must be a whole number from 1/],
    [{ match: { channel: ['Support!'] } }, /match\.channel\.0 must be a name/],
    [{ group_seconds: 10_000 }, /group_seconds must be a whole number of seconds from 0 to 3600/],
    [
      { remind_after_seconds: 1 },
      /remind_after_seconds must be a whole number of seconds from 300/,
    ],
  ];
  for (const [about, sentence] of rows) {
    const isBare = Object.keys(about).length === 0;
    const body = isBare ? {} : { receivers: ['ops'], ...about };
    const refused = await world.api('PUT', '/rules/gold', { body });
    assert.equal(refused.status, 400, JSON.stringify(about));
    assert.match(refused.body.detail, sentence);
  }
});

async function receivers(world: World, ...names: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) {
    const body = { kind: 'slack', secrets: { url: 'https://hooks.slack.example/canary' } };
    ids.push((await world.api('PUT', `/receivers/${name}`, { body })).body.id);
  }
  return ids;
}
