import assert from 'node:assert/strict';
import test from 'node:test';
import { pauseChannels, resumeChannels } from '#monitor/pause-channels.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { removeChannel } from '#monitor/remove-channel.ts';
import { retireChannels } from '#monitor/retire-channels.ts';
import { addSupport, addToken, graphWish, KEY, keyWish, openedBy } from './acme-monitor.ts';
import { storedNames } from './acme-monitor.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { openMonitorWorld } from './monitor-world.ts';
import { storedTransitions } from './stored-transitions.ts';

const BECAUSE = { reason: 'The shop moves house.' };

/** The names of the channels that are due at this moment. */
function dueNames({ store, clock }: MonitorWorld) {
  return store.change(async (tx) => {
    const about = { now: clock.now() + 3_600_000, limit: 100, leaseMs: 1 };
    return (await tx.schedule.claimDue(about)).map(({ channel }) => channel.name);
  });
}

test('a paused channel is not due, a resumed one at once, and history says who said why', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const [paused] = await pauseChannels(world.monitor, ['support'], BECAUSE);
  assert.ok(paused?.changed);
  assert.deepEqual(await dueNames(world), []);
  await resumeChannels(world.monitor, [support.id], { reason: null });
  assert.deepEqual(await dueNames(world), ['support']);
  assert.deepEqual(storedTransitions(world, support, 'watch'), [
    { code: null, was: null, is: 'watched', detail: null },
    { code: null, was: 'watched', is: 'paused', detail: 'The shop moves house.' },
    { code: null, was: 'paused', is: 'watched', detail: null },
  ]);
});

test('deciding twice changes nothing and is told apart from what is not there', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await pauseChannels(world.monitor, ['support'], BECAUSE);
  const told = await pauseChannels(world.monitor, ['support', 'sales'], BECAUSE);
  assert.deepEqual(
    told.map(({ ref, changed, problem }) => [ref, changed, problem?.code ?? null]),
    [
      ['support', false, null],
      ['sales', false, 'not_found'],
    ],
  );
  assert.equal(storedTransitions(world, support, 'watch').length, 2);
});

test('a paused channel is still read when somebody asks', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await pauseChannels(world.monitor, ['support'], BECAUSE);
  const wish = { timeoutMs: 1_000, forced: true };
  const { outcome } = await world.monitor.checkChannel(support.id, wish);
  assert.ok(outcome.ok);
  assert.deepEqual(await dueNames(world), []);
});

test('a channel can be added paused, and what is said of it later leaves it so', async () => {
  await using world = await openMonitorWorld();
  await addSupport(world);
  await removeChannel(world.monitor, 'support', { purge: true });
  const { channel } = await putChannel(world.monitor, 'support', keyWish(KEY, { paused: true }));
  assert.equal(channel.pausedAt, world.clock.now());
  assert.deepEqual(await dueNames(world), []);
  const profiles = { now: world.clock.now(), limit: 9, againAt: 0 };
  assert.deepEqual(await world.store.change((tx) => tx.profiles.claimDue(profiles)), []);
  await putChannel(world.monitor, 'support', keyWish(KEY, { labels: { team: 'care' } }));
  assert.deepEqual(await dueNames(world), []);
  await putChannel(world.monitor, 'support', keyWish(KEY, { paused: false }));
  assert.deepEqual(await dueNames(world), ['support']);
  const decided = storedTransitions(world, channel, 'watch').map((row) => row['is']);
  assert.deepEqual(decided, ['paused', 'watched']);
});

test('a retired channel is told apart from a removed one, and its keys open nothing', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await addToken(world);
  const { channel: sales } = await putChannel(world.monitor, 'sales', graphWish());
  assert.equal(await openedBy(world, KEY), support.id);
  const [retired] = await retireChannels(world.monitor, ['support'], BECAUSE);
  assert.ok(retired?.changed);
  assert.equal(await openedBy(world, KEY), null);
  await removeChannel(world.monitor, 'sales', { purge: false });
  assert.deepEqual((await storedNames(world.store)).archived, ['sales', 'support']);
  assert.deepEqual(storedTransitions(world, support, 'watch').at(-1), {
    code: null,
    was: 'watched',
    is: 'retired',
    detail: 'The shop moves house.',
  });
  assert.equal(storedTransitions(world, sales, 'watch').at(-1)?.['is'], 'removed');
  const [again] = await retireChannels(world.monitor, [support.id], BECAUSE);
  assert.equal(again?.problem?.code, 'not_found');
});

test('many channels are decided about in transactions of a few', async () => {
  await using world = await openMonitorWorld();
  const names = Array.from({ length: 60 }, (_, index) => `number-${index}`);
  for (const name of names) await world.addChannel({ name });
  const before = world.looks.changes;
  const told = await pauseChannels(world.monitor, names, BECAUSE);
  assert.ok(told.every(({ changed }) => changed));
  assert.deepEqual(
    told.map(({ ref }) => ref),
    names,
  );
  assert.equal(world.looks.changes - before, 3);
  assert.deepEqual(await dueNames(world), []);
});
