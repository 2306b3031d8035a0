import assert from 'node:assert/strict';
import test from 'node:test';
import { bucketOf } from '#domain/bucket.ts';
import { profileRound, startProfileRounds } from '#monitor/profile-rounds.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { removeChannel } from '#monitor/remove-channel.ts';
import { goodProfile } from '#test/fakes/upstream.ts';
import { addToken, allIsWell, graphWish, keyWish, SALES_NUMBER } from './acme-monitor.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { openMonitorWorld } from './monitor-world.ts';

async function addAcme(world: MonitorWorld): Promise<void> {
  allIsWell(world);
  await addToken(world);
  await putChannel(world.monitor, 'support', graphWish());
  await putChannel(world.monitor, 'sales', graphWish({ nodeId: SALES_NUMBER }));
  await putChannel(world.monitor, 'orders', keyWish());
  for (const upstream of [world.upstreams.graph, world.upstreams.dialog360]) {
    upstream.answersProfiles(({ nodeId }) => goodProfile({ displayNumber: `+${nodeId ?? 49}` }));
  }
}

const askedNodes = ({ upstreams }: MonitorWorld) =>
  [...upstreams.graph.askedProfiles, ...upstreams.dialog360.askedProfiles].map(
    ({ nodeId }) => nodeId,
  );

test('a round reads every channel that is due, each once', async () => {
  await using world = await openMonitorWorld();
  await addAcme(world);
  assert.equal(await profileRound(world.deps), false);
  assert.equal(await profileRound(world.deps), false);
  assert.deepEqual(new Set(askedNodes(world)), new Set(['106540352242922', SALES_NUMBER, null]));
  assert.equal(askedNodes(world).length, 3);
  const { items } = await world.store.read((view) => view.channels.list({ after: null, limit: 9 }));
  assert.deepEqual(
    items.map(({ names }) => names.displayNumber),
    ['+49', `+${SALES_NUMBER}`, '+106540352242922'],
  );
});

test('rounds go on by themselves until they are stopped', async () => {
  await using world = await openMonitorWorld();
  await addAcme(world);
  const rounds = startProfileRounds(world.monitor);
  await world.clock.advance(5_000);
  await rounds.close();
  assert.equal(askedNodes(world).length, 3);
  assert.equal(world.clock.pending, 0);
});

test('stopping reads no more profiles than are under way', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  await addToken(world);
  for (let at = 1; at <= 12; at += 1) {
    await putChannel(world.monitor, `number-${at}`, graphWish({ nodeId: `10654035224292${at}` }));
  }
  const closing = new AbortController();
  world.upstreams.graph.answersProfiles(() => {
    closing.abort();
    return goodProfile({});
  });
  await assert.rejects(profileRound(world.deps, closing.signal), { name: 'AbortError' });
  assert.equal(askedNodes(world).length, 8);
});

test('a channel that went away meanwhile does not stop the others', async () => {
  await using world = await openMonitorWorld();
  await addAcme(world);
  const { upstreams, monitor } = world;
  const removed = new Set<string>();
  upstreams.graph.answersProfiles(({ nodeId }) => {
    removed.add(nodeId ?? '');
    return goodProfile({});
  });
  await removeChannel(monitor, 'sales', { purge: true });
  await profileRound(world.deps);
  assert.deepEqual(removed, new Set(['106540352242922']));
});

test('a bucket that is used up makes profiles wait for it', async () => {
  await using world = await openMonitorWorld();
  await addAcme(world);
  const support = await world.store.read((view) => view.channels.find('support'));
  assert.ok(support);
  const closedUntil = world.clock.now() + 60_000;
  const bucket = bucketOf(support);
  await world.store.change(async (tx) => {
    const wish = { bucket, use: 'scheduled', count: 1, perHour: 5_000 } as const;
    await tx.budgets.take([wish], world.clock.now());
    await tx.budgets.learn(bucket, { closedUntil });
  });
  await profileRound(world.deps);
  assert.deepEqual(askedNodes(world), [null]);
  world.clock.jumpTo(closedUntil + 5_000);
  await profileRound(world.deps);
  assert.equal(askedNodes(world).length, 3);
});
