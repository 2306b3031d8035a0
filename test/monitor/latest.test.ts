import assert from 'node:assert/strict';
import test from 'node:test';
import { goodAnswer } from '#test/fakes/upstream.ts';
import { example, numbered, openMonitorWorld } from './monitor-world.ts';

const WISH = { timeoutMs: 10_000, forced: true };

test('what memory does not hold is loaded once for all who ask', async () => {
  await using world = await openMonitorWorld();
  const { latest } = world.monitor;
  const support = await world.addChannel();
  const all = await Promise.all(Array.from({ length: 100 }, () => latest.load(support.id)));
  assert.ok(all.every((held) => held?.channel.name === 'support'));
  assert.equal(world.looks.reads, 1);
});

test('an archived channel is not held', async () => {
  await using world = await openMonitorWorld();
  const { latest } = world.monitor;
  const support = await world.addChannel();
  await world.store.change((tx) => tx.channels.archive(support.id, world.clock.now()));
  assert.equal(await latest.load(support.id), null);
});

test('a change made while a channel is loaded is not overwritten by the older copy', async () => {
  await using world = await openMonitorWorld();
  const { latest } = world.monitor;
  const support = await world.addChannel();
  const loading = latest.load(support.id);
  latest.forget(support.id);
  await loading;
  assert.equal(latest.peek(support.id), undefined);
});

test('a newer state is never replaced by an older one', async () => {
  await using world = await openMonitorWorld();
  const { latest } = world.monitor;
  const support = await world.addChannel();
  const before = await latest.load(support.id);
  assert.ok(before);
  world.upstream.answers(() => goodAnswer(example('phone-available')));
  await world.monitor.checkChannel(support.id, WISH);
  latest.put(before, latest.mark());
  assert.equal(latest.peek(support.id)?.state.attempt, 1);
});

test('memory holds no more channels and bytes than it may, the oldest first to go', async () => {
  const answer = numbered('phone-available', 1);
  const size = answer.ok ? answer.body.byteLength : 0;
  await using world = await openMonitorWorld({ channelsMax: 3, bodyBytesMax: 2 * size });
  const { latest } = world.monitor;
  world.upstream.answers(() => answer);
  const names = ['one', 'two', 'three', 'four'];
  const channels = await Promise.all(names.map((name) => world.addChannel({ name })));
  for (const { id } of channels) await latest.load(id);
  assert.deepEqual(held(), ['two', 'three', 'four']);
  for (const { id } of channels) await world.monitor.checkChannel(id, WISH);
  assert.deepEqual(held(), ['three', 'four']);

  function held(): string[] {
    return channels.filter(({ id }) => latest.peek(id)).map(({ name }) => name);
  }
});

test('to forget one channel does not keep what was read of another out of memory', async () => {
  await using world = await openMonitorWorld();
  const { latest } = world.monitor;
  const support = await world.addChannel();
  const sales = await world.addChannel({ name: 'sales' });
  const loading = latest.load(support.id);
  latest.forget(sales.id);
  await loading;
  assert.ok(latest.peek(support.id));
});

test('what was committed is never hidden by an older copy that came while it was forgotten', async () => {
  await using world = await openMonitorWorld();
  const { latest } = world.monitor;
  const support = await world.addChannel();
  const older = await latest.load(support.id);
  assert.ok(older);
  const mark = latest.mark();
  latest.forget(support.id);
  latest.put(older, latest.mark());
  const loading = latest.mark();
  latest.put({ ...older, state: { ...older.state, attempt: 1 } }, mark);
  assert.equal(latest.peek(support.id), undefined);
  latest.put(older, loading);
  assert.equal(latest.peek(support.id), undefined);
});

test('a good read that says something else than memory does drops what memory holds', async () => {
  await using world = await openMonitorWorld();
  const { latest } = world.monitor;
  const support = await world.addChannel();
  world.upstream.answers(() => goodAnswer(example('phone-available')));
  await world.monitor.checkChannel(support.id, WISH);
  const good = latest.peek(support.id)?.state.good;
  assert.ok(good);
  const times = { startedAt: 0, readAt: 0, version: null, traceId: null };
  latest.refresh(support.id, { ...times, attempt: 1, bodyHash: 'another' });
  assert.ok(latest.peek(support.id));
  latest.refresh(support.id, { ...times, attempt: 2, bodyHash: good.bodyHash });
  assert.equal(latest.peek(support.id)?.state.good?.attempt, 2);
  latest.refresh(support.id, { ...times, attempt: 3, bodyHash: 'another' });
  assert.equal(latest.peek(support.id), undefined);
});

test('a changed credential leaves memory without a look at the store, loads under way too', async () => {
  await using world = await openMonitorWorld();
  const { latest } = world.monitor;
  const support = await world.addChannel({ upstream: 'graph' });
  const sales = await world.addChannel({ name: 'sales' });
  const { credentialId } = support;
  const orders = await world.addChannel({
    name: 'orders',
    upstream: 'graph',
    nodeId: '2',
    credentialId,
  });
  await latest.load(support.id);
  await latest.load(sales.id);
  const loading = latest.load(orders.id);
  const { reads } = world.looks;
  latest.forgetCredential(credentialId);
  assert.equal(world.looks.reads, reads);
  await loading;
  const held = [support, sales, orders].filter(({ id }) => latest.peek(id) !== undefined);
  assert.deepEqual(held, [sales]);
});
