import assert from 'node:assert/strict';
import test from 'node:test';
import { Secret } from '#domain/secret.ts';
import { issueKey } from '#monitor/keys.ts';
import type { MoveWish } from '#monitor/move-channel.ts';
import { moveChannel } from '#monitor/move-channel.ts';
import { pauseChannels } from '#monitor/pause-channels.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { failedAnswer } from '#test/fakes/upstream.ts';
import { addSupport, addToken, graphWish, KEY, openedBy } from './acme-monitor.ts';
import { SALES_NUMBER, storedNames, SUPPORT_NUMBER } from './acme-monitor.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { openMonitorWorld } from './monitor-world.ts';
import { storedTransitions } from './stored-transitions.ts';

const OTHER_KEY = 'acme-360dialog-key-0002';

const toGraph: MoveWish = {
  upstream: 'graph',
  credential: { ref: 'acme-token' },
  nodeId: SUPPORT_NUMBER,
  otherNumber: false,
};

const toKey: MoveWish = {
  upstream: 'dialog360',
  credential: { secret: new Secret(OTHER_KEY), billedBy: 'provider', app: null },
  nodeId: null,
  otherNumber: false,
};

/** In which group a channel falls due, and from which budget it is read. */
function placeOf({ store, clock }: MonitorWorld) {
  return store.change(async (tx) => {
    const about = { now: clock.now() + 86_400_000, limit: 10, leaseMs: 1 };
    const [due] = await tx.schedule.claimDue(about);
    return { bucket: due?.bucket, credentialId: due?.channel.credentialId };
  });
}

test('a channel that moves keeps its id, its history and its keys, and asks elsewhere', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const token = await addToken(world);
  const issued = await issueKey(world.monitor, 'support', { expiresAt: null });
  const { channel, unused } = await moveChannel(world.monitor, 'support', toGraph);
  assert.deepEqual(
    [channel.id, channel.upstream, channel.nodeId, channel.credentialId],
    [support.id, 'graph', SUPPORT_NUMBER, token.id],
  );
  assert.equal(unused?.name, 'support');
  assert.equal(await openedBy(world, issued.text.reveal()), support.id);
  assert.equal(await openedBy(world, KEY), support.id, 'clients keep their key');
  assert.equal((await world.stateOf(support)).attempt, 2);
  assert.deepEqual(storedTransitions(world, support, 'watch').at(-1), {
    code: null,
    was: 'watched',
    is: 'watched',
    detail:
      'Moved from dialog360 (credential support) to ' +
      `graph (credential acme-token, node ${SUPPORT_NUMBER}).`,
  });
  const asked = world.upstreams.graph.asked.length;
  await world.monitor.checkChannel(support.id, { timeoutMs: 1_000, forced: true });
  assert.equal(world.upstreams.graph.asked.length, asked + 1);
  const place = await placeOf(world);
  assert.equal(place.credentialId, token.id);
  assert.match(place.bucket ?? '', /^waba:/);
});

test('between keys of 360dialog the adopted key follows', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  assert.equal(await openedBy(world, KEY), support.id);
  const { channel } = await moveChannel(world.monitor, 'support', toKey);
  assert.equal(await openedBy(world, KEY), null);
  assert.equal(await openedBy(world, OTHER_KEY), support.id);
  assert.deepEqual((await storedNames(world.store)).credentials, ['support', 'support-2']);
  assert.equal((await placeOf(world)).bucket, `credential:${channel.credentialId}`);
});

test('another number is refused, unless that is what is meant', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await addToken(world);
  const elsewhere = { ...toGraph, nodeId: SALES_NUMBER };
  const before = await storedNames(world.store);
  await assert.rejects(moveChannel(world.monitor, 'support', elsewhere), {
    code: 'identity_changed',
    message: /another number.*stays as it was/,
  });
  assert.deepEqual(await storedNames(world.store), before);
  assert.equal((await world.stateOf(support)).attempt, 1);
  const wish = { ...elsewhere, otherNumber: true };
  const { channel } = await moveChannel(world.monitor, 'support', wish);
  assert.equal(channel.identity?.phoneNumberId, SALES_NUMBER);
});

test('access that does not work changes nothing', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  for (const code of ['credential_rejected', 'timeout', 'not_found_or_forbidden'] as const) {
    world.upstreams.dialog360.answers(() => failedAnswer(code));
    await assert.rejects(moveChannel(world.monitor, 'support', toKey), {
      code: code === 'credential_rejected' ? code : 'check_failed',
    });
  }
  assert.equal(await openedBy(world, KEY), support.id);
  assert.deepEqual((await storedNames(world.store)).credentials, ['support']);
  assert.equal(storedTransitions(world, support, 'watch').length, 1);
});

test('a node that another channel watches is refused by its own sentence', async () => {
  await using world = await openMonitorWorld();
  await addSupport(world);
  await addToken(world);
  await putChannel(world.monitor, 'sales', graphWish());
  await assert.rejects(moveChannel(world.monitor, 'support', toGraph), {
    code: 'conflict',
    message: `Another channel watches the node ${SUPPORT_NUMBER} already.`,
  });
});

test('what cannot be right is said before anybody is asked', async () => {
  await using world = await openMonitorWorld();
  await addSupport(world);
  const asked = world.upstreams.graph.asked.length;
  const missing = { code: 'not_found' };
  await assert.rejects(moveChannel(world.monitor, 'support', toGraph), missing);
  await assert.rejects(moveChannel(world.monitor, 'sales', toKey), missing);
  await assert.rejects(moveChannel(world.monitor, 'support', { ...toGraph, nodeId: null }), {
    code: 'invalid_request',
  });
  const sandbox = { ...toKey.credential, secret: new Secret('1234567_sandbox') };
  await assert.rejects(moveChannel(world.monitor, 'support', { ...toKey, credential: sandbox }), {
    code: 'sandbox_key',
  });
  assert.equal(world.upstreams.graph.asked.length, asked);
});

test('a paused channel stays paused when it moves', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await pauseChannels(world.monitor, ['support'], { reason: null });
  const { channel } = await moveChannel(world.monitor, 'support', toKey);
  assert.notEqual(channel.pausedAt, null);
  assert.deepEqual(await placeOf(world), { bucket: undefined, credentialId: undefined });
  assert.equal(storedTransitions(world, support, 'watch').at(-1)?.['is'], 'paused');
});

test('a rejected token does not turn away clients with the key of before the move', async () => {
  await using world = await openMonitorWorld({ confirmAfterMs: 0 });
  const support = await addSupport(world);
  await addToken(world);
  const question = async () => {
    const key = await world.monitor.keyring.resolve(world.deps.digest.sha256Hex(KEY));
    assert.ok(key);
    return (await world.monitor.answerHealth({ key, maxAgeMs: null })).kind;
  };
  await moveChannel(world.monitor, 'support', toGraph);
  world.upstreams.graph.answers(() => failedAnswer('credential_rejected'));
  const wish = { timeoutMs: 1_000, forced: true };
  await world.monitor.checkChannel(support.id, wish);
  await world.monitor.checkChannel(support.id, wish);
  assert.equal(await question(), 'failed');
});
