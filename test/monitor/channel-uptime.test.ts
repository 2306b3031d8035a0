import assert from 'node:assert/strict';
import test from 'node:test';
import type { Channel } from '#domain/channel.ts';
import type { Span } from '#domain/uptime.ts';
import { uptimeOfChannel } from '#monitor/channel-uptime.ts';
import { addTransitions, aTransition } from '#test/contracts/store/transitions.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { numbered, openMonitorWorld } from './monitor-world.ts';

const MINUTE = 60_000;
const FORCED = { timeoutMs: 1_000, forced: true };

test('uptime is told of the verdicts and of each entity, from what reads have shown', async () => {
  await using world = await openMonitorWorld();
  const channel = await world.addChannel();
  const began = world.clock.now();
  await read(world, channel, 'phone-available');
  await world.clock.advance(8 * MINUTE);
  await read(world, channel, 'phone-blocked-payment');
  await world.clock.advance(2 * MINUTE);
  const { messaging, entities } = await uptime(world, channel, { from: began, until: now(world) });
  assert.deepEqual([messaging.upMs, messaging.downMs], [8 * MINUTE, 2 * MINUTE]);
  assert.equal(messaging.uptime, 0.8);
  assert.equal(messaging.coverage, 1);
  const waba = entities.find(({ type }) => type === 'WABA');
  assert.deepEqual([waba?.uptime.upMs, waba?.uptime.downMs], [8 * MINUTE, 2 * MINUTE]);
});

test('a view that is outdated counts as UNKNOWN from the moment it turned, told or not', async () => {
  await using world = await openMonitorWorld();
  const channel = await world.addChannel();
  const began = world.clock.now();
  await read(world, channel, 'phone-available');
  await world.clock.advance(40 * MINUTE);
  const range = { from: began, until: now(world) };
  const untold = await uptime(world, channel, range);
  assert.equal(untold.messaging.upMs, 10 * MINUTE);
  assert.equal(untold.messaging.coverage, 0.25);
  for (const { uptime: measured } of untold.entities) assert.equal(measured.coverage, 0.25);
  assert.ok(untold.entities.length > 0);
  await read(world, channel, 'phone-available');
  assert.deepEqual(await uptime(world, channel, range), untold);
});

test('a channel that was never read has no uptime', async () => {
  await using world = await openMonitorWorld();
  const channel = await world.addChannel();
  await world.clock.advance(MINUTE);
  const until = now(world);
  const told = await uptime(world, channel, { from: until - MINUTE, until });
  assert.equal(told.messaging.uptime, null);
  assert.equal(told.calling, null);
  assert.deepEqual(told.entities, []);
});

test('more transitions than are counted at once are refused with a sentence', async () => {
  await using world = await openMonitorWorld();
  const channel = await world.addChannel();
  const at = now(world);
  const many = Array.from({ length: 500 }, () => aTransition(channel.id, { at, detail: null }));
  await addTransitions(world.store, many.slice(0, 1));
  const crowded = {
    history: {
      entitiesSeen: () => Promise.resolve([]),
      seriesOf: () => Promise.resolve({ items: many, next: '1 tr_1' }),
    },
  };
  await world.store.scan(async (view) => {
    const row = (await view.channels.findRow(channel.id)) ?? assert.fail();
    const history = { ...view.history, ...crowded.history };
    await assert.rejects(
      uptimeOfChannel({ ...view, history }, row, { range: { from: 0, until: at }, now: at }),
      { code: 'invalid_request', message: /more than 100,000 transitions/ },
    );
  });
});

async function read(world: MonitorWorld, channel: Channel, example: string) {
  world.upstream.answers(() => numbered(example, 1));
  await world.monitor.checkChannel(channel.id, FORCED);
}

function now({ clock }: MonitorWorld): number {
  return clock.now();
}

function uptime(world: MonitorWorld, { id }: Channel, range: Span) {
  return world.store.scan(async (view) => {
    const row = (await view.channels.findRow(id)) ?? assert.fail();
    return uptimeOfChannel(view, row, { range, now: world.clock.now() });
  });
}
