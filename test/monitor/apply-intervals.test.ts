import assert from 'node:assert/strict';
import test from 'node:test';
import { DEFAULT_INTERVALS } from '#domain/interval.ts';
import { applyIntervals, startIntervals } from '#monitor/apply-intervals.ts';
import { createMonitor } from '#monitor/monitor.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { openMonitorWorld } from './monitor-world.ts';

/** A monitor on the same store whose rules check gold channels every 30 s. */
function withRules({ deps }: MonitorWorld, goldMs: number) {
  const byLabel = [{ label: 'tier', value: 'gold', intervalMs: goldMs }];
  const intervals = { ...DEFAULT_INTERVALS, byLabel };
  return createMonitor({ ...deps, policy: { ...deps.policy, intervals } });
}

async function intervalsOf({ store }: MonitorWorld) {
  const { items } = await store.read((view) => view.channels.list({ after: null, limit: 500 }));
  return Object.fromEntries(items.map(({ channel }) => [channel.name, channel.intervalMs]));
}

test('channels without an interval of their own follow the rules when those change', async () => {
  await using world = await openMonitorWorld();
  const gold = { labels: { tier: 'gold' }, checkIntervalMs: null, intervalMs: 300_000 };
  await world.addChannel({ name: 'support', ...gold });
  await world.addChannel({ name: 'sales', checkIntervalMs: null, intervalMs: 300_000 });
  await world.addChannel({ name: 'orders', ...gold, checkIntervalMs: 60_000, intervalMs: 60_000 });
  assert.equal(await applyIntervals(world.monitor), 0);
  assert.equal(await applyIntervals(withRules(world, 30_000)), 1);
  assert.deepEqual(await intervalsOf(world), { orders: 60_000, sales: 300_000, support: 30_000 });
  const due = await world.store.read((view) => view.schedule.nextDueAt());
  assert.ok(due !== null && due <= world.clock.now() + 30_000);
});

test('rules that are those of the last time cost one look', async () => {
  await using world = await openMonitorWorld();
  const monitor = withRules(world, 30_000);
  await world.addChannel({ labels: { tier: 'gold' }, checkIntervalMs: null });
  assert.equal(await applyIntervals(monitor), 1);
  const { changes } = world.looks;
  assert.equal(await applyIntervals(monitor), 0);
  assert.equal(world.looks.changes, changes);
});

test('a large fleet is gone through in steps', async () => {
  await using world = await openMonitorWorld();
  const about = { labels: { tier: 'gold' }, checkIntervalMs: null, intervalMs: 300_000 };
  for (let index = 0; index < 230; index += 1) {
    await world.addChannel({ name: `number-${index}`, ...about });
  }
  const { changes } = world.looks;
  assert.equal(await applyIntervals(withRules(world, 45_000)), 230);
  assert.equal(world.looks.changes - changes, 4, 'three lots, and the rules');
  assert.deepEqual(new Set(Object.values(await intervalsOf(world))), new Set([45_000]));
});

test('stopping goes through no more of the fleet, and the next start begins again', async () => {
  await using world = await openMonitorWorld();
  await world.addChannel({ labels: { tier: 'gold' }, checkIntervalMs: null });
  const monitor = withRules(world, 30_000);
  await assert.rejects(applyIntervals(monitor, AbortSignal.abort()), { name: 'AbortError' });
  assert.equal(await applyIntervals(monitor), 1);
});

test('a start brings a fleet into line by itself', async () => {
  await using world = await openMonitorWorld();
  await world.addChannel({ labels: { tier: 'gold' }, checkIntervalMs: null });
  const running = startIntervals(withRules(world, 30_000));
  await world.clock.advance(15_000);
  await running.close();
  assert.deepEqual(await intervalsOf(world), { support: 30_000 });
});
