import assert from 'node:assert/strict';
import test from 'node:test';
import { findNumbers, findWabas, seerOf } from '#monitor/discover.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { putCredential } from '#monitor/put-credential.ts';
import { discoverAll, listSeen } from '#monitor/seen-numbers.ts';
import { Secret } from '#domain/secret.ts';
import { SEEN_STANDINGS } from '#domain/seen-number.ts';
import { goodProfile } from '#test/fakes/upstream.ts';
import { readProfile } from '#monitor/read-profile.ts';
import { addToken, allIsWell, graphWish, keyWish } from './acme-monitor.ts';
import { SALES_NUMBER, SUPPORT_NUMBER, TOKEN } from './acme-monitor.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { openMonitorWorld } from './monitor-world.ts';
import { ACME_BUSINESS, ACME_WABA, acmeIsSeen, CLIENT_WABA } from './seen-world.ts';
import { failureOf, GOOD_TOKEN, number, ORDERS_NUMBER } from './seen-world.ts';

async function acme(world: MonitorWorld) {
  allIsWell(world);
  await addToken(world);
  acmeIsSeen(world.directory);
  return seerOf(world.deps, 'acme-token');
}

/** The standing of each seen number, by its node. */
async function standings({ store }: MonitorWorld) {
  const filter = { credentialId: undefined, standings: SEEN_STANDINGS };
  const { items } = await store.read((view) => listSeen(view, { after: null, limit: 100 }, filter));
  return Object.fromEntries(items.map(({ seen, standing }) => [seen.nodeId, standing]));
}

test('a token sees the WABAs of its business, those shared with it, and those it names itself', async () => {
  await using world = await openMonitorWorld();
  const seer = await acme(world);
  const facts = { ...GOOD_TOKEN, targetIds: ['999', ACME_WABA] };
  world.directory.tokens.set(TOKEN, { ok: true, facts });
  const { wabas, unreadable } = await findWabas(world.deps, seer);
  const business = { id: ACME_BUSINESS, name: 'Acme' };
  assert.deepEqual(wabas, [
    { id: ACME_WABA, name: 'Acme WABA', business },
    { id: CLIENT_WABA, name: 'Client', business },
    { id: '999', name: null, business: null },
  ]);
  assert.deepEqual(unreadable, []);
});

test('what cannot be read is told beside what can', async () => {
  await using world = await openMonitorWorld();
  const seer = await acme(world);
  const failure = failureOf('not_found_or_forbidden');
  const all = world.directory.numbersOf.get(ACME_WABA) ?? [];
  world.directory.numbers = (_access, id) =>
    Promise.resolve(
      id === CLIENT_WABA ? { ok: false, failure } : { ok: true, items: all, next: null },
    );
  const refs = [ACME_WABA, CLIENT_WABA].map((id) => ({ id, businessId: null }));
  const found = await findNumbers(world.deps, seer, refs);
  assert.deepEqual(
    found.numbers.map(({ id }) => id),
    [SUPPORT_NUMBER, SALES_NUMBER],
  );
  assert.deepEqual(found.read, [ACME_WABA]);
  assert.deepEqual(found.unreadable, [{ what: 'numbers', of: CLIENT_WABA, failure }]);
  world.directory.failure = failure;
  const nothing = await findWabas(world.deps, seer);
  assert.deepEqual(
    nothing.unreadable.map(({ what }) => what),
    ['token', 'businesses'],
  );
});

test('long lists are read page by page, and not without end', async () => {
  await using world = await openMonitorWorld();
  const seer = await acme(world);
  const many = Array.from({ length: 2_300 }, (_, index) =>
    number(`${5_000 + index}`, `+1 ${index}`),
  );
  world.directory.numbersOf.set(ACME_WABA, many.slice(0, 250));
  const refs = [{ id: ACME_WABA, businessId: null }];
  assert.equal((await findNumbers(world.deps, seer, refs)).numbers.length, 250);
  world.directory.numbersOf.set(ACME_WABA, many);
  const found = await findNumbers(world.deps, seer, refs);
  assert.equal(found.numbers.length, 2_000);
  assert.match(found.unreadable[0]?.failure.detail ?? '', /more than 2000 entries/);
});

test('seen numbers are held against the fleet: watched, unwatched, gone and moved', async () => {
  await using world = await openMonitorWorld();
  const seer = await acme(world);
  await putChannel(world.monitor, 'support', graphWish());
  await putChannel(world.monitor, 'sales', graphWish({ nodeId: SALES_NUMBER }));
  await discoverAll(world.deps, seer);
  assert.deepEqual(await standings(world), {
    [SUPPORT_NUMBER]: 'watched',
    [SALES_NUMBER]: 'watched',
    [ORDERS_NUMBER]: 'unwatched',
  });
  const { numbersOf } = world.directory;
  numbersOf.set(ACME_WABA, []);
  numbersOf.set(CLIENT_WABA, [number(SALES_NUMBER, '+49 30 2')]);
  await world.clock.advance(1_000);
  await discoverAll(world.deps, seer);
  assert.deepEqual(await standings(world), {
    [SUPPORT_NUMBER]: 'gone',
    [SALES_NUMBER]: 'moved',
    [ORDERS_NUMBER]: 'forgotten',
  });
});

test('a number in a WABA that could not be read is not gone', async () => {
  await using world = await openMonitorWorld();
  const seer = await acme(world);
  await putChannel(world.monitor, 'support', graphWish());
  await discoverAll(world.deps, seer);
  await world.clock.advance(1_000);
  world.directory.numbers = () =>
    Promise.resolve({ ok: false, failure: failureOf('upstream_error') });
  await discoverAll(world.deps, seer);
  assert.equal((await standings(world))[SUPPORT_NUMBER], 'watched');
});

test('a number that is watched through 360dialog is known by its digits', async () => {
  await using world = await openMonitorWorld();
  const seer = await acme(world);
  const { channel } = await putChannel(world.monitor, 'orders', keyWish());
  world.upstreams.dialog360.answersProfiles(() => goodProfile({ displayNumber: '+49 303' }));
  await discoverAll(world.deps, seer);
  assert.equal((await standings(world))[ORDERS_NUMBER], 'unwatched');
  await readProfile(world.deps, channel.id);
  assert.notEqual((await standings(world))[ORDERS_NUMBER], 'unwatched');
});

test('a key of 360dialog is said to see its own number only', async () => {
  await using world = await openMonitorWorld();
  const secret = new Secret('acme-360dialog-key-0001');
  const wish = { upstream: 'dialog360', secret, app: null, billedBy: 'provider' } as const;
  await putCredential(world.monitor, 'key', wish);
  await assert.rejects(seerOf(world.deps, 'key'), { code: 'invalid_request' });
  await assert.rejects(seerOf(world.deps, 'ghost'), { code: 'not_found' });
});

test('a page of rare finds may be short and says where to go on', async () => {
  await using world = await openMonitorWorld();
  const { credential } = await acme(world);
  const numbers = Array.from({ length: 450 }, (_, index) => ({
    nodeId: `${10_000 + index}`,
    wabaId: ACME_WABA,
    businessId: null,
    displayNumber: null,
    verifiedName: null,
  }));
  await world.store.change((tx) => tx.seenNumbers.see(credential.id, numbers, 1));
  const filter = { credentialId: credential.id, standings: ['unwatched'] } as const;
  const found: string[] = [];
  let after: string | null = null;
  do {
    const page = { after, limit: 100 };
    const read: Awaited<ReturnType<typeof listSeen>> = await world.store.read((view) =>
      listSeen(view, page, filter),
    );
    found.push(...read.items.map(({ seen }) => seen.nodeId));
    after = read.next;
  } while (after !== null);
  assert.deepEqual(
    found,
    numbers.map(({ nodeId }) => nodeId),
  );
});
