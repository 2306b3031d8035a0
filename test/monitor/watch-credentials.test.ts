import assert from 'node:assert/strict';
import test from 'node:test';
import { Secret } from '#domain/secret.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { removeCredential } from '#monitor/put-credential.ts';
import { rotateCredential } from '#monitor/rotate-credential.ts';
import {
  credentialRound,
  inspectCredential,
  startCredentialWatch,
} from '#monitor/watch-credentials.ts';
import { addToken, allIsWell, graphWish, TOKEN } from './acme-monitor.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { openMonitorWorld } from './monitor-world.ts';
import { acmeIsSeen, failureOf, GOOD_TOKEN } from './seen-world.ts';

const DAY = 86_400_000;

async function acme(world: MonitorWorld) {
  allIsWell(world);
  acmeIsSeen(world.directory);
  return addToken(world);
}

const seenNodes = ({ store }: MonitorWorld) =>
  store.read(async (view) => {
    const { items } = await view.seenNumbers.list({ after: null, limit: 100 });
    return items.length;
  });

test('once a day a token is inspected, and what it can see is remembered', async () => {
  await using world = await openMonitorWorld();
  const credential = await acme(world);
  assert.equal(await credentialRound(world.deps), false);
  const known = await world.store.read((view) => view.tokenFacts.find(credential.id));
  assert.deepEqual(known, { facts: GOOD_TOKEN, readAt: world.clock.now(), failure: null });
  assert.equal(await seenNodes(world), 3);
  await credentialRound(world.deps);
  assert.equal(world.told('credential_inspected').length, 1);
  world.clock.jumpTo(world.clock.now() + DAY);
  await credentialRound(world.deps);
  assert.equal(world.told('credential_inspected').length, 2);
});

test('the watch goes on by itself until it is stopped', async () => {
  await using world = await openMonitorWorld();
  await acme(world);
  const watch = startCredentialWatch(world.monitor);
  await world.clock.advance(30_000);
  await watch.close();
  assert.equal(world.told('credential_inspected').length, 1);
  assert.equal(world.clock.pending, 0);
});

test('stopping ends a discovery between two lists, and nothing counts as gone', async () => {
  await using world = await openMonitorWorld();
  await acme(world);
  await credentialRound(world.deps);
  world.clock.jumpTo(world.clock.now() + DAY);
  const closing = new AbortController();
  let lists = 0;
  world.directory.businesses = async () => {
    closing.abort();
    return { ok: true, items: [{ id: '1', name: null }], next: null };
  };
  world.directory.ownedWabas = async () => {
    lists += 1;
    return { ok: true, items: [], next: null };
  };
  await assert.rejects(credentialRound(world.deps, closing.signal), { name: 'AbortError' });
  assert.equal(lists, 0);
  assert.equal(await seenNodes(world), 3);
});

test('a token that ends soon, or lacks the permission, is a finding and no status', async () => {
  await using world = await openMonitorWorld();
  await acme(world);
  const { channel } = await putChannel(world.monitor, 'support', graphWish());
  const before = await world.stateOf(channel);
  const facts = { ...GOOD_TOKEN, expiresAt: world.clock.now() + 13 * DAY, scopes: [] };
  world.directory.tokens.set(TOKEN, { ok: true, facts });
  await inspectCredential(world.deps, 'acme-token');
  assert.deepEqual(world.told('credential_inspected').at(-1)?.findings, [
    'credential_expiring',
    'scope_missing',
  ]);
  assert.deepEqual(await world.stateOf(channel), before);
});

test('a warning about a token that is removed ends as gone', async () => {
  await using world = await openMonitorWorld();
  const { id: ref } = await acme(world);
  const facts = { ...GOOD_TOKEN, expiresAt: world.clock.now() + 13 * DAY };
  world.directory.tokens.set(TOKEN, { ok: true, facts });
  await inspectCredential(world.deps, 'acme-token');
  await removeCredential(world.monitor, 'acme-token');
  const page = { after: null, limit: 10 };
  const { items } = await world.store.read((view) => view.incidents.list(page, {}));
  const expected = [{ kind: 'warning', type: 'credential_expiring', ref }, 'gone'];
  assert.deepEqual(
    items.map(({ cause, resolution }) => [cause, resolution]),
    [expected],
  );
});

test('a token that cannot even look at itself is dead, and what it saw stays', async () => {
  await using world = await openMonitorWorld();
  const credential = await acme(world);
  await credentialRound(world.deps);
  const failure = failureOf('credential_rejected');
  world.directory.tokens.set(TOKEN, { ok: false, failure, inspector: 'token' });
  world.clock.jumpTo(world.clock.now() + DAY);
  await credentialRound(world.deps);
  const known = await world.store.read((view) => view.tokenFacts.find(credential.id));
  assert.equal(known.facts?.isValid, false);
  assert.equal(known.facts?.metaAppId, GOOD_TOKEN.metaAppId);
  assert.deepEqual(world.told('credential_inspected').at(-1)?.findings, ['credential_dead']);
  assert.equal(await seenNodes(world), 3);
});

test('an app whose secret is wrong says nothing about the token, and is asked again sooner', async () => {
  await using world = await openMonitorWorld();
  const credential = await acme(world);
  await credentialRound(world.deps);
  const failure = failureOf('credential_rejected');
  world.directory.tokens.set(TOKEN, { ok: false, failure, inspector: 'app' });
  const known = await inspectCredential(world.deps, 'acme-token');
  assert.deepEqual(known.facts, GOOD_TOKEN);
  assert.equal(known.failure?.code, 'credential_rejected');
  assert.deepEqual(world.told('credential_inspected').at(-1)?.findings, []);
  const about = { now: world.clock.now() + 3_600_000, limit: 1, againAt: 0 };
  const due = await world.store.change((tx) => tx.tokenFacts.claimDue(about));
  assert.deepEqual(due, [credential.id]);
});

test('what is known of an old secret is forgotten with it', async () => {
  await using world = await openMonitorWorld();
  const credential = await acme(world);
  await credentialRound(world.deps);
  await rotateCredential(world.monitor, 'acme-token', new Secret('acme-graph-token-0002'));
  const find = () => world.store.read((view) => view.tokenFacts.find(credential.id));
  assert.equal((await find()).facts, null);
  const dead = { ...GOOD_TOKEN, isValid: false };
  world.directory.tokens.set('acme-graph-token-0002', { ok: true, facts: dead });
  await credentialRound(world.deps);
  assert.equal((await find()).facts?.isValid, false);
});

test('a key of 360dialog has no token to inspect', async () => {
  await using world = await openMonitorWorld();
  await world.addChannel();
  await credentialRound(world.deps);
  assert.deepEqual(world.told('credential_inspected'), []);
  await assert.rejects(inspectCredential(world.deps, 'support'), { code: 'invalid_request' });
});
