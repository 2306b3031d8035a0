/** The schedule over a real store, before upstreams that answer what a test says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { example, openMonitorWorld } from '#test/monitor/monitor-world.ts';
import { failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import { addFleet, run } from './fleet.ts';

const MINUTE = 60_000;

test('every channel is read once in each of its intervals, in full batches', async () => {
  await using world = await openMonitorWorld();
  await addFleet(world, { channels: 120 });
  world.upstreams.graph.answers(() => goodAnswer(example('phone-available')));
  world.monitor.schedule.start();
  await run(world, 2 * MINUTE);
  const before = world.told('check_finished').length;
  await run(world, 10 * MINUTE);
  const checks = world.told('check_finished').slice(before);
  const counts = Map.groupBy(checks, ({ channelId }) => channelId);
  assert.equal(counts.size, 120);
  for (const [id, some] of counts) assert.equal(some.length, 5, id);
  const { trips, checks: all } = world.monitor.schedule.facts();
  assert.ok(trips <= all * 0.03, `${trips} round trips for ${all} checks`);
});

test('a paused channel is not read, and one that is resumed is read at once', async () => {
  await using world = await openMonitorWorld();
  const [support] = await addFleet(world, { channels: 1 });
  assert.ok(support);
  world.upstreams.graph.answers(() => goodAnswer(example('phone-available')));
  world.monitor.schedule.start();
  await run(world, MINUTE);
  const pausedAt = world.clock.now();
  await world.store.change((tx) =>
    tx.channels.replace({ ...support, pausedAt, updatedAt: pausedAt }),
  );
  const before = world.told('check_finished').length;
  await run(world, 30 * MINUTE);
  assert.equal(world.told('check_finished').length, before);
  const updatedAt = world.clock.now();
  await world.store.change((tx) => tx.channels.replace({ ...support, updatedAt }));
  await run(world, 1_000);
  assert.equal(world.told('check_finished').length, before + 1);
});

test('after a sleep each channel is read once, not once for every interval that it missed', async () => {
  await using world = await openMonitorWorld();
  await addFleet(world, { channels: 30 });
  world.upstreams.graph.answers(() => goodAnswer(example('phone-available')));
  world.monitor.schedule.start();
  await run(world, 3 * MINUTE);
  const before = world.told('check_finished').length;
  world.clock.jumpTo(world.clock.now() + 8 * 60 * MINUTE);
  await run(world, 5_000);
  const woken = world.told('check_finished').slice(before);
  assert.equal(new Set(woken.map(({ channelId }) => channelId)).size, 30);
  assert.equal(woken.length, 30);
});

test('a clock that is set back stops nothing', async () => {
  await using world = await openMonitorWorld();
  await addFleet(world, { channels: 30 });
  world.upstreams.graph.answers(() => goodAnswer(example('phone-available')));
  world.monitor.schedule.start();
  await run(world, 3 * MINUTE);
  world.clock.jumpTo(world.clock.now() - 5 * 60 * MINUTE);
  const before = world.told('check_finished').length;
  await run(world, 3 * MINUTE);
  const after = world.told('check_finished').slice(before);
  assert.equal(new Set(after.map(({ channelId }) => channelId)).size, 30);
});

test('a schedule that starts after the clock was set back waits for no time of before', async () => {
  await using world = await openMonitorWorld();
  await addFleet(world, { channels: 30 });
  world.upstreams.graph.answers(() => goodAnswer(example('phone-available')));
  world.clock.jumpTo(world.clock.now() - 5 * 60 * MINUTE);
  world.monitor.schedule.start();
  await run(world, 3 * MINUTE);
  const checked = world.told('check_finished').map(({ channelId }) => channelId);
  assert.equal(new Set(checked).size, 30);
});

test('new trouble is looked at after 30 seconds, whatever the interval', async () => {
  await using world = await openMonitorWorld();
  await addFleet(world, { channels: 1, about: { intervalMs: 10 * MINUTE } });
  world.upstreams.graph.answers(() => goodAnswer(example('phone-available')));
  world.monitor.schedule.start();
  await run(world, 20 * MINUTE);
  world.upstreams.graph.answers(() => goodAnswer(example('phone-blocked-payment')));
  const before = world.told('check_finished').length;
  await run(world, 11 * MINUTE);
  const reads = world.told('check_finished').slice(before);
  assert.ok(reads.length >= 3, `${reads.length} reads after the payment failed`);
  assert.equal(reads.at(-1)?.messaging, 'BLOCKED');
});

test('reads that fail are backed off and change no status', async () => {
  await using world = await openMonitorWorld();
  const [support] = await addFleet(world, { channels: 1 });
  assert.ok(support);
  world.upstreams.graph.answers(() => goodAnswer(example('phone-available')));
  world.monitor.schedule.start();
  await run(world, 3 * MINUTE);
  world.upstreams.graph.answers(() => failedAnswer('upstream_error'));
  const before = world.told('check_finished').length;
  await run(world, 60 * MINUTE);
  const failed = world.told('check_finished').length - before;
  assert.ok(failed >= 10 && failed <= 20, `${failed} reads in an hour of failures`);
  const state = await world.stateOf(support);
  assert.equal(state.good?.report.reported, 'AVAILABLE');
});

test('what was begun is ended and written before the schedule closes', async () => {
  await using world = await openMonitorWorld();
  const channels = await addFleet(world, { channels: 40 });
  world.upstreams.graph.answers(() => goodAnswer(example('phone-available')));
  world.monitor.schedule.start();
  await run(world, 3 * MINUTE);
  const closing = world.monitor.schedule.close();
  await world.clock.advance(0);
  await run(world, 1_000);
  await closing;
  for (const channel of channels) assert.ok((await world.stateOf(channel)).attempt > 0);
  assert.equal(world.monitor.schedule.facts().inFlight, 0);
  const before = world.told('check_finished').length;
  await run(world, 10 * MINUTE);
  assert.equal(world.told('check_finished').length, before);
});
