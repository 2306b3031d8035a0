import assert from 'node:assert/strict';
import test from 'node:test';
import { addSupport, GRAPH_CHANNEL, SALES_ID } from './acme.ts';
import { startWorld } from './management-world.ts';
import type { World } from './management-world.ts';

test('the fleet in one answer: who can send, who cannot and why, with names', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await addUnread(world, 'sales');
  await record(world, 'support', { messaging: 'BLOCKED', cause: 'WABA/141006' });
  const { body } = await world.api('GET', '/status?troubled=9');
  assert.deepEqual(body.channels, {
    total: 2,
    available: 0,
    limited: 0,
    blocked: 1,
    unknown: 1,
    paused: 0,
  });
  assert.deepEqual(body.unknown_reasons, [{ reason: 'never_read', channels: 1 }]);
  const cause = { status: 'BLOCKED', cause: 'WABA/141006', channels: 1 };
  const [{ examples, ...told }] = body.causes;
  assert.deepEqual(told, cause);
  assert.deepEqual(
    examples.map(({ name }: { name: string }) => name),
    ['support'],
  );
  const troubled = body.troubled.map(({ name, status }: { name: string; status: string }) => [
    name,
    status,
  ]);
  assert.deepEqual(troubled, [
    ['support', 'BLOCKED'],
    ['sales', 'UNKNOWN'],
  ]);
});

test('channels in trouble are named only as many as were asked for', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await addUnread(world, 'sales');
  await record(world, 'support', { messaging: 'LIMITED', cause: 'WABA/141010' });
  assert.deepEqual((await world.api('GET', '/status')).body.troubled, []);
  const one = (await world.api('GET', '/status?troubled=1')).body.troubled;
  assert.deepEqual(
    one.map(({ name }: { name: string }) => name),
    ['support'],
  );
  assert.equal((await world.api('GET', '/status?troubled=201')).status, 400);
});

test('a channel that nobody read in time shows how late the schedule is', async () => {
  await using world = await startWorld();
  await addUnread(world, 'sales');
  await world.clock.advance(90_000);
  const { body } = await world.api('GET', '/status');
  assert.equal(body.schedule.late_seconds, 90);
  assert.equal(body.schedule.reads_in_flight, null);
});

test('a budget that does not suffice is told with its need, its share and its stretch', async () => {
  await using world = await startWorld();
  const now = world.clock.now();
  await world.store.change(async (tx) => {
    await tx.budgets.learn('waba:1/2', { perHour: 5_000, neededPerHour: 6_460, stretch: 1.7 });
    await tx.budgets.learn('waba:1/3', { perHour: 5_000, neededPerHour: 100, percent: 34 });
    await tx.budgets.learn('waba:1/4', { perHour: 200, heldUntil: now + 60_000 });
    await tx.budgets.learn('waba:1/5', { perHour: 200, closedUntil: now - 1 });
  });
  const { budgets } = (await world.api('GET', '/status')).body;
  assert.equal(budgets.buckets, 4);
  assert.equal(budgets.stretched, 1);
  assert.equal(budgets.held, 1);
  assert.equal(budgets.closed, 0);
  assert.equal(budgets.stretch_max, 1.7);
  assert.equal(budgets.used_percent_max, 34);
  assert.equal(budgets.taken_per_hour, 3_900);
  const named = budgets.neediest.map(({ bucket }: { bucket: string }) => bucket);
  assert.deepEqual(named, ['waba:1/4', 'waba:1/2']);
  assert.equal(budgets.neediest[1].scheduled_per_hour, 3_800);
});

test('budgets come a page at a time, each once', async () => {
  await using world = await startWorld();
  const buckets = ['waba:1/2', 'waba:1/3', 'waba:1/4'];
  await world.store.change(async (tx) => {
    for (const bucket of buckets) await tx.budgets.learn(bucket, { perHour: 200 });
  });
  const seen: string[] = [];
  let cursor = '';
  do {
    const { body } = await world.api('GET', `/budgets?limit=2${cursor}`);
    seen.push(...body.items.map(({ bucket }: { bucket: string }) => bucket));
    cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
  } while (cursor !== '');
  assert.deepEqual(seen, buckets);
});

test('the fleet is not counted again for every question, and soon enough', async () => {
  await using world = await startWorld();
  await addUnread(world, 'sales');
  const totalOf = async () => (await world.api('GET', '/status')).body.channels.total;
  assert.equal(await totalOf(), 1);
  await world.api('DELETE', '/channels/sales?purge=true');
  assert.equal(await totalOf(), 1);
  await world.clock.advance(15_000);
  assert.equal(await totalOf(), 0);
});

async function addUnread(world: World, name: string): Promise<void> {
  const credential = { upstream: 'graph', secret: 'canary-graph-token-0003' };
  await world.api('PUT', '/credentials/acme-token', { body: credential });
  const body = { ...GRAPH_CHANNEL, node_id: SALES_ID, check: false };
  const added = await world.api('PUT', `/channels/${name}`, { body });
  assert.equal(added.status, 201, added.text);
}

/** Lets history tell this of a channel. */
async function record(
  world: World,
  name: string,
  about: { messaging: 'LIMITED' | 'BLOCKED'; cause: string },
): Promise<void> {
  const { messaging, cause } = about;
  await world.store.change(async (tx) => {
    const channel = await tx.channels.find(name);
    assert.ok(channel !== null);
    await tx.history.record(channel.id, {
      recorded: { messaging, calling: null, reason: null },
      cause,
    });
  });
}
