import assert from 'node:assert/strict';
import test from 'node:test';
import { Secret } from '#domain/secret.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { putCredential } from '#monitor/put-credential.ts';
import { addSupport, addToken, allIsWell, graphWish, KEY, keyWish } from './acme-monitor.ts';
import { openedBy, refusedFor, SALES_NUMBER, storedNames, TOKEN } from './acme-monitor.ts';
import { openMonitorWorld } from './monitor-world.ts';

test('a channel that is put again with the same key is the same, and nobody is asked', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const before = await world.stateOf(support);
  const { channel, created, state } = await putChannel(world.monitor, 'support', keyWish());
  assert.equal(created, false);
  assert.deepEqual(channel, support);
  assert.deepEqual(state, before);
  assert.equal(world.upstream.asked.length, 1);
  assert.equal(await openedBy(world, KEY), support.id);
});

test('external id, labels and interval are replaced, also in memory', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await world.monitor.latest.load(support.id);
  await world.clock.advance(1_000);
  const said = { externalId: 'crm-2', labels: { team: 'night' }, checkIntervalMs: 15_000 };
  const { channel } = await putChannel(world.monitor, 'support', keyWish(KEY, said));
  const intervalMs = said.checkIntervalMs;
  assert.deepEqual(channel, { ...support, ...said, intervalMs, updatedAt: world.clock.now() });
  assert.deepEqual((await world.monitor.latest.load(support.id))?.channel, channel);
  const plain = await putChannel(world.monitor, 'support', keyWish());
  assert.deepEqual([plain.channel.externalId, plain.channel.labels], [null, {}]);
});

test('another key for a known channel is a conflict that names rotate', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const wish = keyWish('acme-360dialog-key-0002', { labels: { team: 'night' } });
  await assert.rejects(putChannel(world.monitor, 'support', wish), {
    code: 'conflict',
    message: /To replace the secret, rotate/,
  });
  const kept = await world.store.read((view) => view.channels.find('support'));
  assert.deepEqual(kept, support);
  assert.equal(world.upstream.asked.length, 1);
  assert.equal(await openedBy(world, 'acme-360dialog-key-0002'), null);
});

test('another upstream, node or credential for a known channel is a conflict', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  await addToken(world);
  const { channel } = await putChannel(world.monitor, 'support', graphWish());
  const token = { upstream: 'graph', app: null, billedBy: 'meta' } as const;
  const secret = new Secret('acme-graph-token-0002');
  await putCredential(world.monitor, 'other-token', { ...token, secret });
  const conflicts = [
    { wish: keyWish(), message: /is read through graph, not dialog360/ },
    { wish: graphWish({ nodeId: SALES_NUMBER }), message: /watches node 106540352242922, not 1/ },
    { wish: graphWish({ credential: { ref: 'other-token' } }), message: /another credential/ },
  ];
  for (const { wish, message } of conflicts) {
    const put = putChannel(world.monitor, 'support', { ...wish, labels: { team: 'night' } });
    await assert.rejects(put, { code: 'conflict', message });
  }
  const unknown = graphWish({ credential: { ref: 'no-such-token' } });
  await assert.rejects(putChannel(world.monitor, 'support', unknown), { code: 'not_found' });
  const kept = await world.store.read((view) => view.channels.find('support'));
  assert.deepEqual(kept, channel);
  assert.deepEqual((await storedNames(world.store)).credentials, ['acme-token', 'other-token']);
});

test('a credential may be named by name, by id or by its secret', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  const { id } = await addToken(world);
  await putChannel(world.monitor, 'support', graphWish());
  const secret = new Secret(TOKEN);
  for (const credential of [
    { ref: 'acme-token' },
    { ref: id },
    { secret, billedBy: 'meta', app: null } as const,
  ]) {
    const { created } = await putChannel(world.monitor, 'support', graphWish({ credential }));
    assert.equal(created, false);
  }
});

test('an external id that another channel has is not taken over', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await addToken(world);
  await putChannel(world.monitor, 'sales', graphWish({ externalId: 'crm-1' }));
  const wish = keyWish(KEY, { externalId: 'crm-1', labels: { team: 'night' } });
  await assert.rejects(putChannel(world.monitor, 'support', wish), { code: 'conflict' });
  const kept = await world.store.read((view) => view.channels.find('support'));
  assert.deepEqual(kept, support);
});

test('a known channel is held to the same forms as a new one', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const wish = keyWish(KEY, { checkIntervalMs: 1 });
  await assert.rejects(
    putChannel(world.monitor, 'support', wish),
    refusedFor('check_interval_seconds'),
  );
  const kept = await world.store.read((view) => view.channels.find('support'));
  assert.deepEqual(kept, support);
});
