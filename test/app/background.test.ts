import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBackground } from '#app/background.ts';
import { startWatching } from '#app/roles.ts';
import { openMonitorWorld } from '#test/monitor/monitor-world.ts';

const DAY_MS = 86_400_000;

const PARTS = { deliver: () => ({ close: () => Promise.resolve() }), heartbeat: null };

const ABOUT = { heartbeatEvery: 60_000, historyDays: DAY_MS };

test('with the role watch what is due is read, without it nobody is asked', async () => {
  await using world = await openMonitorWorld();
  await world.addChannel();
  const parts = PARTS;
  const idle = startWatching({ roles: ['api'], ...ABOUT }, world.monitor, parts);
  await world.clock.advance(600_000);
  await idle.close();
  assert.equal(world.upstream.asked.length, 0);
  const watching = startWatching({ roles: ['watch'], ...ABOUT }, world.monitor, parts);
  await world.clock.advance(10_000);
  await watching.close();
  assert.ok(world.upstream.asked.length > 0);
});

test('the end of the background is the end of each of its parts', async () => {
  await using world = await openMonitorWorld();
  const last = Promise.withResolvers<void>();
  const ended: string[] = [];
  const part = (name: string, end: Promise<void>) => () => ({
    close: async () => {
      await end;
      ended.push(name);
    },
  });
  const parts = [part('slow', last.promise), part('quick', Promise.resolve())];
  const closing = startBackground(world.monitor, { historyDays: DAY_MS }, parts).close();
  last.resolve();
  await closing;
  assert.deepEqual(ended.toSorted(), ['quick', 'slow']);
});

test('with the role deliver messages are sent, without it none are', async () => {
  await using world = await openMonitorWorld();
  const begun: string[] = [];
  const deliver = () => {
    begun.push('deliver');
    return { close: () => Promise.resolve() };
  };
  await startWatching({ roles: ['api'], ...ABOUT }, world.monitor, {
    deliver: deliver,
    heartbeat: null,
  }).close();
  assert.deepEqual(begun, []);
  await startWatching({ roles: ['deliver'], ...ABOUT }, world.monitor, {
    deliver: deliver,
    heartbeat: null,
  }).close();
  assert.deepEqual(begun, ['deliver']);
});
