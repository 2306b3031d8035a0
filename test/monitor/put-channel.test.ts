import assert from 'node:assert/strict';
import test from 'node:test';
import type { FailureCode } from '#domain/failure.ts';
import { FAILURE_CODES } from '#domain/failure.ts';
import { NEVER_READ } from '#domain/channel-state.ts';
import { Secret } from '#domain/secret.ts';
import { putApp } from '#monitor/put-app.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { putCredential } from '#monitor/put-credential.ts';
import { NO_NAMES } from '#ports/profiles.ts';
import { failedAnswer } from '#test/fakes/upstream.ts';
import { addSupport, addToken, allIsWell, bytesOf, graphWish, KEY } from './acme-monitor.ts';
import { keyWish, NOTHING, openedBy, SALES_NUMBER, storedNames } from './acme-monitor.ts';
import { SUPPORT_NUMBER, TOKEN, wellFor } from './acme-monitor.ts';
import { example, later, openMonitorWorld } from './monitor-world.ts';

test('a new channel is asked exactly once, and that is its first snapshot', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  await addToken(world);
  const labels = { team: 'support' };
  const wish = graphWish({ externalId: 'crm-1', labels, checkIntervalMs: 60_000 });
  const { channel, created, state } = await putChannel(world.monitor, 'support', wish);
  assert.ok(created);
  assert.deepEqual(
    [channel.externalId, channel.labels, channel.checkIntervalMs],
    ['crm-1', labels, 60_000],
  );
  assert.equal(channel.identity?.phoneNumberId, SUPPORT_NUMBER);
  assert.deepEqual([state.attempt, state.good?.attempt, state.lastFailure], [1, 1, null]);
  const [asked] = world.upstreams.graph.asked;
  assert.equal(world.upstreams.graph.asked.length, 1);
  assert.deepEqual([asked?.nodeId, asked?.access.secret.reveal()], [SUPPORT_NUMBER, TOKEN]);
  const stored = await world.store.read(async (view) => ({
    row: await view.channels.findRow('support'),
    body: await view.channels.bodyOf(channel.id),
  }));
  const recorded = { messaging: 'AVAILABLE', calling: 'AVAILABLE', reason: null };
  const worked = { messaging: world.clock.now(), calling: world.clock.now() };
  const row = { channel, state, recorded, worked, paceMs: 60_000, names: NO_NAMES };
  assert.deepEqual(stored.row, row);
  assert.equal(Buffer.from(stored.body ?? []).toString(), example('phone-available'));
});

test('the next check of a new channel is attempt two and does not wait for a lease', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const { state } = await world.monitor.checkChannel(support.id, {
    timeoutMs: 1_000,
    forced: true,
  });
  assert.equal(state.attempt, 2);
});

test('a 360dialog key brings its credential and opens the channel at once', async () => {
  await using world = await openMonitorWorld();
  assert.equal(await openedBy(world, KEY), null);
  const support = await addSupport(world);
  assert.equal(await openedBy(world, KEY), support.id);
  assert.equal(world.upstream.asked.length, 1);
  assert.deepEqual(await storedNames(world.store), {
    ...NOTHING,
    credentials: ['support'],
    channels: ['support'],
  });
  assert.ok(!bytesOf(world.store.dataDir).includes(KEY));
});

test('a key that is not adopted opens nothing', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  await putChannel(world.monitor, 'support', keyWish(KEY, { adoptKey: false }));
  assert.equal(await openedBy(world, KEY), null);
});

test('a token that comes with its channel is asked with the proof of its app', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  const secret = new Secret('acme-app-secret');
  await putApp(world.monitor, 'acme-app', { metaAppId: '1', ours: true, secret });
  const credential = { secret: new Secret(TOKEN), billedBy: 'meta', app: 'acme-app' } as const;
  await putChannel(world.monitor, 'support', graphWish({ credential }));
  const [asked] = world.upstreams.graph.asked;
  assert.equal(asked?.access.app?.secret?.reveal(), 'acme-app-secret');
  assert.deepEqual((await storedNames(world.store)).credentials, ['support']);
});

test('a rejected key and a node that cannot be seen refuse a new channel, nothing stays', async () => {
  await using world = await openMonitorWorld();
  world.upstreams.dialog360.answers(() => failedAnswer('credential_rejected'));
  await assert.rejects(putChannel(world.monitor, 'support', keyWish()), {
    code: 'credential_rejected',
    message: /^360dialog rejects this key; nothing was added/,
  });
  const credential = { secret: new Secret(TOKEN), billedBy: 'meta', app: null } as const;
  const wish = graphWish({ credential });
  world.upstreams.graph.answers(() => failedAnswer('not_found_or_forbidden'));
  await assert.rejects(putChannel(world.monitor, 'support', wish), {
    code: 'check_failed',
    message: /^Meta does not show the node 106540352242922.*add it unchecked\.$/,
  });
  world.upstreams.graph.answers(() => failedAnswer('credential_rejected'));
  await assert.rejects(putChannel(world.monitor, 'support', wish), {
    code: 'credential_rejected',
    message: /^Meta rejects this token/,
  });
  assert.deepEqual(await storedNames(world.store), NOTHING);
  assert.equal(await openedBy(world, KEY), null);
});

test('every other failure is stored as the last failure of a new channel', async () => {
  const refusing: readonly FailureCode[] = [
    'credential_rejected',
    'not_found_or_forbidden',
    'identity_changed',
  ];
  await using world = await openMonitorWorld();
  const storing = FAILURE_CODES.filter((code) => !refusing.includes(code));
  for (const [n, code] of storing.entries()) {
    world.upstream.answers(() => failedAnswer(code));
    const name = `number-${n}`;
    const { channel, created, state } = await putChannel(world.monitor, name, keyWish(KEY + n));
    assert.ok(created);
    assert.deepEqual([state.attempt, state.good, channel.identity], [1, null, null]);
    assert.deepEqual([state.lastFailure?.failure.code, state.lastFailure?.inARow], [code, 1]);
    assert.deepEqual(await world.stateOf(channel), state);
    assert.equal(await openedBy(world, KEY + n), channel.id);
  }
  assert.equal(world.upstream.asked.length, storing.length);
});

test('unchecked, nobody is asked and the channel is stored unread', async () => {
  await using world = await openMonitorWorld();
  const { channel, state } = await putChannel(
    world.monitor,
    'support',
    keyWish(KEY, { check: false }),
  );
  assert.deepEqual(state, NEVER_READ);
  assert.deepEqual(await world.stateOf(channel), NEVER_READ);
  assert.equal(world.upstream.asked.length, 0);
  assert.equal(await openedBy(world, KEY), channel.id);
});

test('a new channel that takes what another has is refused, nothing of it stays', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  await addToken(world);
  await putChannel(world.monitor, 'support', graphWish({ externalId: 'crm-1' }));
  const before = await storedNames(world.store);
  await assert.rejects(putChannel(world.monitor, 'sales', graphWish()), {
    code: 'conflict',
    message: `Another channel watches the node ${SUPPORT_NUMBER} already.`,
  });
  const sameExternalId = keyWish(KEY, { externalId: 'crm-1' });
  await assert.rejects(putChannel(world.monitor, 'sales', sameExternalId), {
    code: 'conflict',
    message: /external id "crm-1"/,
  });
  assert.deepEqual(await storedNames(world.store), before);
  assert.equal(await openedBy(world, KEY), null);
});

test('a key that is adopted for one channel cannot open another', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  await assert.rejects(putChannel(world.monitor, 'sales', keyWish()), { code: 'conflict' });
  assert.deepEqual((await storedNames(world.store)).credentials, ['support']);
  const credential = { ref: 'support' };
  await assert.rejects(putChannel(world.monitor, 'sales', keyWish(KEY, { credential })), {
    code: 'conflict',
    message: /uses this 360dialog key already/,
  });
  assert.deepEqual((await storedNames(world.store)).channels, ['support']);
  assert.equal(await openedBy(world, KEY), support.id);
});

test('a credential or app that is missing or of another upstream is refused before anybody is asked', async () => {
  await using world = await openMonitorWorld();
  await assert.rejects(putChannel(world.monitor, 'support', graphWish()), {
    code: 'not_found',
    message: 'There is no credential acme-token; add it first.',
  });
  const credential = { secret: new Secret(TOKEN), billedBy: 'meta', app: 'acme-app' } as const;
  await assert.rejects(putChannel(world.monitor, 'support', graphWish({ credential })), {
    code: 'not_found',
    message: 'There is no app acme-app; add it first.',
  });
  await addToken(world);
  const wish = keyWish(KEY, { credential: { ref: 'acme-token' } });
  await assert.rejects(putChannel(world.monitor, 'support', wish), {
    code: 'conflict',
    message: /^Credential acme-token is for graph, the channel is for dialog360/,
  });
  assert.deepEqual(await storedNames(world.store), { ...NOTHING, credentials: ['acme-token'] });
  assert.equal(world.upstream.asked.length + world.upstreams.graph.asked.length, 0);
});

test('two who add the same new channel at once get one channel', async () => {
  await using world = await openMonitorWorld();
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const first = putChannel(world.monitor, 'support', keyWish(KEY, { labels: { by: 'one' } }));
  const second = putChannel(world.monitor, 'support', keyWish(KEY, { labels: { by: 'two' } }));
  coming.come(wellFor(SUPPORT_NUMBER));
  const both = await Promise.all([first, second]);
  assert.equal(both.filter(({ created }) => created).length, 1);
  const [one, two] = both;
  assert.equal(one.channel.id, two.channel.id);
  assert.deepEqual([one.state, two.state], [await world.stateOf(one.channel), one.state]);
  const { channels, credentials } = await storedNames(world.store);
  assert.deepEqual([channels, credentials], [['support'], ['support']]);
  assert.equal(await openedBy(world, KEY), one.channel.id);
  const late = both.find(({ created }) => !created);
  const held = await world.monitor.latest.load(one.channel.id);
  assert.deepEqual(held?.channel.labels, late?.channel.labels);
});

test('two who add different keys under one name at once: one has it, the other learns of the conflict', async () => {
  await using world = await openMonitorWorld();
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const other = 'acme-360dialog-key-0002';
  const tried = [KEY, other].map((key) => putChannel(world.monitor, 'support', keyWish(key)));
  coming.come(wellFor(SUPPORT_NUMBER));
  const done = await Promise.allSettled(tried);
  const lost = done.filter((one) => one.status === 'rejected');
  assert.equal(lost.length, 1);
  assert.equal(lost[0]?.reason.code, 'conflict');
  assert.match(lost[0]?.reason.message, /is there already, with another credential.*rotate/);
  const { channels, credentials } = await storedNames(world.store);
  assert.deepEqual([channels, credentials], [['support'], ['support']]);
  const opened = [await openedBy(world, KEY), await openedBy(world, other)];
  assert.equal(opened.filter((id) => id !== null).length, 1);
});

test('a credential that takes the name while the upstream is asked wins over a new channel', async () => {
  await using world = await openMonitorWorld();
  const coming = later();
  const asked = Promise.withResolvers<void>();
  world.upstream.answers(() => {
    asked.resolve();
    return coming.answer;
  });
  const adding = putChannel(world.monitor, 'support', keyWish());
  await asked.promise;
  const secret = new Secret(TOKEN);
  const token = { upstream: 'graph', secret, app: null, billedBy: 'meta' } as const;
  await putCredential(world.monitor, 'support', token);
  coming.come(wellFor(SALES_NUMBER));
  await assert.rejects(adding, { code: 'conflict', message: /^There is a credential support/ });
  assert.deepEqual(await storedNames(world.store), { ...NOTHING, credentials: ['support'] });
  assert.equal(await openedBy(world, KEY), null);
});
