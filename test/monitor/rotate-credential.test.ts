import assert from 'node:assert/strict';
import test from 'node:test';
import { Secret } from '#domain/secret.ts';
import { issueKey, revokeKey } from '#monitor/keys.ts';
import { putApp } from '#monitor/put-app.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { rotateCredential } from '#monitor/rotate-credential.ts';
import { failedAnswer } from '#test/fakes/upstream.ts';
import { addSupport, addToken, allIsWell, bytesOf, graphWish, KEY } from './acme-monitor.ts';
import { keyWish, openedBy, refusedFor, SALES_NUMBER, SUPPORT_NUMBER } from './acme-monitor.ts';
import { TOKEN, wellFor } from './acme-monitor.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { later, openMonitorWorld } from './monitor-world.ts';

const NEW_KEY = 'acme-360dialog-key-0002';

function rotate({ monitor }: MonitorWorld, text: string, ref: string = 'support') {
  return rotateCredential(monitor, ref, new Secret(text));
}

/** All that a rotation may change. */
function around({ store }: MonitorWorld) {
  return store.read(async (view) => {
    const row = await view.channels.findRow('support');
    const credential = await view.credentials.find('support');
    assert.ok(row && credential);
    const secret = (await view.credentials.secretOf(credential.id)).reveal();
    return { row, credential, secret, keys: await view.apiKeys.listOf(row.channel.id) };
  });
}

test('a new key that works takes the place of the old one', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await world.clock.advance(1_000);
  const { credential, channel } = await rotate(world, NEW_KEY);
  assert.equal(channel?.id, support.id);
  const { secret, ...after } = await around(world);
  assert.equal(secret, NEW_KEY);
  assert.deepEqual(after.credential, credential);
  assert.deepEqual([credential.secretHint, credential.rotatedAt], ['0002', world.clock.now()]);
  assert.equal(world.upstream.asked.at(-1)?.access.secret.reveal(), NEW_KEY);
  assert.ok(!bytesOf(world.store.dataDir).includes(NEW_KEY));
});

test('the read that proved a new secret is the next attempt of its channel', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await world.monitor.latest.load(support.id);
  world.upstream.answers(() => wellFor(SUPPORT_NUMBER, 'phone-blocked-payment'));
  await rotate(world, NEW_KEY);
  assert.equal(world.upstream.asked.length, 2);
  const state = await world.stateOf(support);
  assert.deepEqual([state.attempt, state.good?.attempt], [2, 2]);
  assert.deepEqual((await world.monitor.latest.load(support.id))?.state, state);
  const next = await world.monitor.checkChannel(support.id, { timeoutMs: 1_000, forced: true });
  assert.equal(next.state.attempt, 3);
});

test('an adopted key follows: the old one opens nothing at once, the new one does', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const issued = (await issueKey(world.monitor, 'support', { expiresAt: null })).text.reveal();
  assert.equal(await openedBy(world, KEY), support.id);
  assert.equal(await openedBy(world, NEW_KEY), null);
  await rotate(world, NEW_KEY);
  assert.equal(await openedBy(world, KEY), null);
  assert.equal(await openedBy(world, NEW_KEY), support.id);
  assert.equal(await openedBy(world, issued), support.id);
});

test('a key that was not adopted, or no longer is, stays so', async () => {
  await using world = await openMonitorWorld();
  await addSupport(world);
  const { keys } = await around(world);
  for (const { id } of keys) await revokeKey(world.monitor, id);
  await rotate(world, NEW_KEY);
  assert.equal(await openedBy(world, NEW_KEY), null);
});

test('the same key may be given again, and clients keep it', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await rotate(world, KEY);
  assert.equal(await openedBy(world, KEY), support.id);
});

test('a new secret that is rejected, of another number, or cannot be tried changes nothing', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const before = await around(world);
  const refusals = [
    { answer: failedAnswer('credential_rejected'), code: 'credential_rejected' },
    { answer: wellFor(SALES_NUMBER), code: 'identity_changed' },
    { answer: failedAnswer('timeout'), code: 'check_failed' },
    { answer: failedAnswer('upstream_error'), code: 'check_failed' },
    { answer: failedAnswer('rate_limited'), code: 'check_failed' },
  ] as const;
  for (const { answer, code } of refusals) {
    world.upstream.answers(() => answer);
    await assert.rejects(rotate(world, NEW_KEY), { code, message: /The old secret stays\./ });
    assert.deepEqual(await around(world), before);
  }
  assert.equal(await openedBy(world, KEY), support.id);
  assert.equal(await openedBy(world, NEW_KEY), null);
  assert.ok(!bytesOf(world.store.dataDir).includes(NEW_KEY));
});

test('trust that had ended is regained with a new key that works', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  world.upstream.answers(() => failedAnswer('credential_rejected'));
  const wish = { timeoutMs: 1_000, forced: true };
  await world.monitor.checkChannel(support.id, wish);
  await world.clock.advance(4_000);
  await world.clock.advance(2_000);
  await world.monitor.checkChannel(support.id, wish);
  assert.equal((await world.stateOf(support)).trust.state, 'ended');
  allIsWell(world);
  await rotate(world, NEW_KEY);
  const state = await world.stateOf(support);
  assert.deepEqual(state.trust, { state: 'trusted' });
  assert.equal(state.lastFailure, null);
  assert.deepEqual((await world.monitor.latest.load(support.id))?.state, state);
});

test('a read under way with the old key cannot end trust in the new one', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const rejected = failedAnswer('credential_rejected');
  const coming = later();
  const asked = Promise.withResolvers<void>();
  world.upstream.answers(() => rejected);
  const wish = { timeoutMs: 1_000, forced: true };
  await world.monitor.checkChannel(support.id, wish);
  world.clock.jumpTo(world.clock.now() + 5_000);
  world.upstream.answers(({ access }) => {
    if (access.secret.reveal() === NEW_KEY) return wellFor(SUPPORT_NUMBER);
    asked.resolve();
    return coming.answer;
  });
  const old = world.monitor.checkChannel(support.id, wish);
  await asked.promise;
  const rotated = rotate(world, NEW_KEY);
  await world.clock.advance(200);
  coming.come(rejected);
  await old;
  await timePassesUntil(world, rotated);
  await rotated;
  const state = await world.stateOf(support);
  assert.deepEqual([state.attempt, state.good?.attempt, state.trust.state], [4, 4, 'trusted']);
  const key = await world.monitor.keyring.resolve(world.deps.digest.sha256Hex(NEW_KEY));
  assert.ok(key);
  const answer = await world.monitor.answerHealth({ key, maxAgeMs: null });
  assert.equal(answer.kind, 'answer');
});

test('a rotation gives up when a read under way does not end, and changes nothing', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const before = await around(world);
  const { store, clock } = world;
  await store.change((tx) => tx.channels.claim(support.id, clock.now(), 30_000));
  const gaveUp = assert.rejects(rotate(world, NEW_KEY), { code: 'check_failed' });
  await timePassesUntil(world, gaveUp);
  await gaveUp;
  assert.deepEqual(await around(world), before);
});

test('a refused rotation does not hold up the next check', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  world.upstream.answers(() => failedAnswer('credential_rejected'));
  await assert.rejects(rotate(world, NEW_KEY), { code: 'credential_rejected' });
  allIsWell(world);
  const wish = { timeoutMs: 1_000, forced: true };
  const { state } = await world.monitor.checkChannel(support.id, wish);
  assert.equal(state.attempt, 2);
});

test('the first good read through a new key pins whom the channel is about', async () => {
  await using world = await openMonitorWorld();
  await putChannel(world.monitor, 'support', keyWish(KEY, { check: false }));
  allIsWell(world);
  await rotate(world, NEW_KEY);
  const { row } = await around(world);
  assert.equal(row.channel.identity?.phoneNumberId, SUPPORT_NUMBER);
  assert.equal(row.state.attempt, 1);
});

test('a token is tried through one channel with the proof of its app, and no key is adopted', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  const secret = new Secret('acme-app-secret');
  await putApp(world.monitor, 'acme-app', { metaAppId: '1', ours: true, secret });
  await addToken(world, 'acme-app');
  await putChannel(world.monitor, 'sales', graphWish({ nodeId: SALES_NUMBER }));
  const { channel } = await putChannel(world.monitor, 'support', graphWish());
  await world.monitor.latest.load(channel.id);
  await rotate(world, 'acme-graph-token-0002', 'acme-token');
  const asked = world.upstreams.graph.asked.slice(2);
  assert.equal(asked.length, 1);
  assert.equal(asked[0]?.access.secret.reveal(), 'acme-graph-token-0002');
  assert.equal(asked[0]?.access.app?.secret?.reveal(), 'acme-app-secret');
  assert.equal(world.monitor.latest.peek(channel.id), undefined);
  assert.deepEqual(await world.store.read((view) => view.apiKeys.listOf(channel.id)), []);
});

test('the secret of a credential that no channel uses is replaced without asking', async () => {
  await using world = await openMonitorWorld();
  const { id } = await addToken(world);
  const { channel, credential } = await rotate(world, 'acme-graph-token-0002', 'acme-token');
  assert.equal(channel, null);
  assert.equal(credential.secretHint, '0002');
  assert.equal(world.upstreams.graph.asked.length, 0);
  const secret = await world.store.read((view) => view.credentials.secretOf(id));
  assert.equal(secret.reveal(), 'acme-graph-token-0002');
});

test('an unknown credential, unusable text and a key of the sandbox are refused unasked', async () => {
  await using world = await openMonitorWorld();
  await assert.rejects(rotate(world, TOKEN), {
    code: 'not_found',
    message: 'There is no credential support.',
  });
  await addSupport(world);
  const before = await around(world);
  await assert.rejects(rotate(world, 'two words'), refusedFor('secret'));
  await assert.rejects(rotate(world, 'acme-360dialog_sandbox'), { code: 'sandbox_key' });
  assert.deepEqual(await around(world), before);
  assert.equal(world.upstream.asked.length, 1);
});

test('two rotations at once end with one key that opens the channel', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const both = Promise.all([rotate(world, NEW_KEY), rotate(world, 'acme-360dialog-key-0003')]);
  // The second waits for the first one's lease, looking again as time goes on.
  await timePassesUntil(world, both);
  await both;
  const { secret, keys } = await around(world);
  assert.equal(keys.filter(({ revokedAt }) => revokedAt === null).length, 1);
  assert.equal(await openedBy(world, secret), support.id);
  const others = [KEY, NEW_KEY, 'acme-360dialog-key-0003'].filter((key) => key !== secret);
  for (const other of others) assert.equal(await openedBy(world, other), null);
});

/** Whoever waits for a lease looks again as time goes on, however long the store takes for each look. */
async function timePassesUntil({ clock, deps }: MonitorWorld, work: Promise<unknown>) {
  const waiting = { isOver: false };
  const end = (): void => {
    waiting.isOver = true;
  };
  work.then(end, end);
  while (!waiting.isOver) await clock.advance(deps.policy.leasePollMs);
}
