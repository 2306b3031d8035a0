import assert from 'node:assert/strict';
import test from 'node:test';
import { issueKey } from '#monitor/keys.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { putCredential } from '#monitor/put-credential.ts';
import { removeChannel } from '#monitor/remove-channel.ts';
import { addSupport, addToken, allIsWell, graphWish, KEY, keyWish } from './acme-monitor.ts';
import { NOTHING, openedBy, SALES_NUMBER, storedNames } from './acme-monitor.ts';
import { openMonitorWorld } from './monitor-world.ts';

const KEEP = { purge: false };
const PURGE = { purge: true };

test('the keys of a removed channel open nothing at once', async () => {
  await using world = await openMonitorWorld();
  for (const wish of [KEEP, PURGE]) {
    const support = await addSupport(world);
    const issued = (await issueKey(world.monitor, 'support', { expiresAt: null })).text.reveal();
    assert.equal(await openedBy(world, KEY), support.id);
    assert.equal(await openedBy(world, issued), support.id);
    await removeChannel(world.monitor, 'support', wish);
    assert.equal(await openedBy(world, KEY), null);
    assert.equal(await openedBy(world, issued), null);
    await removeChannel(world.monitor, support.id, PURGE).catch(() => undefined);
  }
});

test('a removed channel is dropped from memory and no longer read', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  assert.ok(await world.monitor.latest.load(support.id));
  await removeChannel(world.monitor, 'support', KEEP);
  assert.equal(world.monitor.latest.peek(support.id), undefined);
  assert.equal(await world.monitor.latest.load(support.id), null);
  const wish = { timeoutMs: 1_000, forced: true };
  await assert.rejects(world.monitor.checkChannel(support.id, wish), { code: 'not_found' });
});

test('a removed channel keeps its history and its credential', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await removeChannel(world.monitor, 'support', KEEP);
  assert.deepEqual(await storedNames(world.store), {
    ...NOTHING,
    credentials: ['support'],
    archived: ['support'],
  });
  assert.equal((await world.stateOf(support)).good?.attempt, 1);
});

test('a purged channel takes the credential with it that was made for it', async () => {
  await using world = await openMonitorWorld();
  await addSupport(world);
  await removeChannel(world.monitor, 'support', PURGE);
  assert.deepEqual(await storedNames(world.store), NOTHING);
  const again = await addSupport(world);
  assert.equal(await openedBy(world, KEY), again.id);
});

test('a removed channel can still be purged by its id', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await removeChannel(world.monitor, 'support', KEEP);
  await removeChannel(world.monitor, support.id, PURGE);
  assert.deepEqual(await storedNames(world.store), NOTHING);
});

test('a credential of its own name stays when another channel uses it', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  await addToken(world);
  const { credential } = graphWish();
  await putChannel(world.monitor, 'acme-token', graphWish());
  await putChannel(world.monitor, 'sales', graphWish({ credential, nodeId: SALES_NUMBER }));
  await removeChannel(world.monitor, 'acme-token', PURGE);
  assert.deepEqual(await storedNames(world.store), {
    ...NOTHING,
    credentials: ['acme-token'],
    channels: ['sales'],
  });
});

test('a credential of another name stays when its only channel is purged', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  await addToken(world);
  await putChannel(world.monitor, 'support', graphWish());
  await removeChannel(world.monitor, 'support', PURGE);
  assert.deepEqual(await storedNames(world.store), { ...NOTHING, credentials: ['acme-token'] });
});

test('what is not there, or is removed already, is said to be not there', async () => {
  await using world = await openMonitorWorld();
  const missing = { code: 'not_found', message: 'There is no channel support.' };
  await assert.rejects(removeChannel(world.monitor, 'support', KEEP), missing);
  await assert.rejects(removeChannel(world.monitor, 'support', PURGE), missing);
  const support = await addSupport(world);
  await removeChannel(world.monitor, 'support', KEEP);
  await assert.rejects(removeChannel(world.monitor, 'support', KEEP), missing);
  await assert.rejects(removeChannel(world.monitor, support.id, KEEP), { code: 'not_found' });
});

test('a removed channel frees its name, and its key for a channel that names the credential', async () => {
  await using world = await openMonitorWorld();
  const before = await addSupport(world);
  await removeChannel(world.monitor, 'support', KEEP);
  const asked = world.upstream.asked.length;
  await assert.rejects(putChannel(world.monitor, 'support', keyWish()), {
    code: 'conflict',
    message: /There is a credential support already.*name it instead of a secret/,
  });
  assert.equal(world.upstream.asked.length, asked);
  const wish = keyWish(KEY, { credential: { ref: 'support' } });
  const { channel, created } = await putChannel(world.monitor, 'support', wish);
  assert.ok(created && channel.id !== before.id);
  assert.equal(await openedBy(world, KEY), channel.id);
  await putCredential(world.monitor, 'support', {
    upstream: 'dialog360',
    secret: 'keep',
    app: null,
    billedBy: 'meta',
  });
  assert.equal((await world.monitor.latest.load(channel.id))?.billedBy, 'meta');
});
