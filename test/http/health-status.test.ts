import assert from 'node:assert/strict';
import test from 'node:test';
import { failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import { example, later, numbered } from '#test/monitor/monitor-world.ts';
import type { PublicWorld } from './public-world.ts';
import { isByContract, openPublicWorld, until } from './public-world.ts';

const SECOND = 1_000;
const CACHE_CONTROL = 'private, max-age=120, stale-while-revalidate=480, stale-if-error=480';

test('the first request waits for the upstream and gets its answer', async () => {
  await using world = await openPublicWorld();
  const { status, headers, says } = await world.ask();
  assert.equal(status, 200);
  assert.equal(says, '1');
  assert.equal(headers.age, '0');
  assert.equal(headers['cache-status'], 'waba-health; fwd=uri-miss; stored');
  assert.equal(headers['cache-control'], CACHE_CONTROL);
  assert.equal(headers.vary, 'D360-API-KEY');
  assert.equal(headers['content-type'], 'application/json');
  assert.match(headers.etag ?? '', /^"[0-9a-f]{32}"$/);
});

test('a stored answer is given with its age and the time for which it stays fresh', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  await world.clock.advance(103 * SECOND);
  const { status, headers, says } = await world.ask();
  assert.deepEqual([status, says], [200, '1']);
  assert.equal(headers.age, '103');
  assert.equal(headers['cache-status'], 'waba-health; hit; ttl=17');
  assert.equal(headers['cache-control'], CACHE_CONTROL);
});

test('past its interval the stored answer is given at once and refreshed behind', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  await world.clock.advance(162 * SECOND);
  const stale = await world.ask();
  assert.deepEqual([stale.says, stale.headers.age], ['1', '162']);
  assert.equal(stale.headers['cache-status'], 'waba-health; hit; ttl=-42');
  await world.clock.advance(0);
  assert.equal((await world.ask()).says, '2');
});

test('ttl is negative from the very moment in which an answer is stale', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  const coming = later();
  world.upstream.answers(() => coming.answer);
  await world.clock.advance(119_999);
  assert.equal((await world.ask()).headers['cache-status'], 'waba-health; hit; ttl=1');
  await world.clock.advance(1);
  assert.equal((await world.ask()).headers['cache-status'], 'waba-health; hit; ttl=-1');
  coming.come(failedAnswer('timeout'));
});

test('the stored answer says how the last read failed', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  world.upstream.answers(() => failedAnswer('upstream_error'));
  await world.clock.advance(130 * SECOND);
  await world.ask();
  await world.clock.advance(0);
  const { headers } = await world.ask();
  assert.equal(headers['cache-status'], 'waba-health; hit; ttl=-10; detail=upstream_error');
  assert.equal(headers.age, '130');
});

test('those who wait for the same read are told so', async () => {
  await using world = await openPublicWorld();
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const asking = [world.ask(), world.ask(), world.ask()];
  await until(() => world.upstream.asked.length === 1);
  await allHaveArrived(world, 3);
  coming.come(numbered('phone-available', 1));
  const replies = await Promise.all(asking);
  const stories = replies.map(({ headers }) => String(headers['cache-status']));
  assert.deepEqual(
    stories.toSorted((one, other) => one.localeCompare(other)),
    [
      'waba-health; fwd=uri-miss; collapsed',
      'waba-health; fwd=uri-miss; collapsed',
      'waba-health; fwd=uri-miss; stored',
    ],
  );
});

test('an outdated answer is not served: the client waits for a new one', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  await world.clock.advance(600 * SECOND + 1);
  const { says, headers } = await world.ask();
  assert.equal(says, '2');
  assert.equal(headers['cache-status'], 'waba-health; fwd=stale; stored');
});

test('the interval of a channel decides how long its answers live', async () => {
  await using world = await openPublicWorld();
  const sales = await world.addChannel({ name: 'sales', checkIntervalMs: 900_000 });
  await world.addKey(sales, { text: 'sales' });
  const { headers } = await world.ask({ key: 'sales' });
  assert.equal(
    headers['cache-control'],
    'private, max-age=900, stale-while-revalidate=1800, stale-if-error=1800',
  );
});

for (const wish of ['no-cache', 'max-age=0', 'no-store, max-age=2', 'MAX-AGE="1"']) {
  test(`a client that sends Cache-Control: ${wish} gets a new read`, async () => {
    await using world = await openPublicWorld();
    await world.ask();
    await world.clock.advance(3 * SECOND);
    const { says, headers } = await world.ask({ headers: { 'cache-control': wish } });
    assert.equal(says, '2');
    assert.equal(headers['cache-status'], 'waba-health; fwd=request; stored');
    assert.equal(headers.age, '0');
  });
}

for (const wish of ['max-age=3', 'only-if-cached', 'max-stale', 'no-store', 'max-age=x', ',=,']) {
  test(`Cache-Control: ${wish} is content with an answer of three seconds ago`, async () => {
    await using world = await openPublicWorld();
    await world.ask();
    await world.clock.advance(3 * SECOND);
    const { says, headers } = await world.ask({ headers: { 'cache-control': wish } });
    assert.equal(says, '1');
    assert.equal(headers['cache-status'], 'waba-health; hit; ttl=117');
  });
}

test('a second wish within ten seconds gets the stored answer with its true age', async () => {
  await using world = await openPublicWorld();
  const headers = { 'cache-control': 'no-cache' };
  await world.ask();
  await world.clock.advance(SECOND);
  await world.ask({ headers });
  await world.clock.advance(4 * SECOND);
  const reply = await world.ask({ headers });
  assert.deepEqual([reply.says, reply.headers.age], ['2', '4']);
  assert.equal(reply.headers['cache-status'], 'waba-health; hit; ttl=116; detail=budget');
});

test('with nothing to serve a failed read is a 500 that says what to do', async () => {
  await using world = await openPublicWorld();
  world.upstream.answers(() => failedAnswer('rate_limited', { retryAfterMs: 90_000 }));
  const { status, headers, says } = await world.ask();
  assert.equal(status, 500);
  assert.equal(
    says,
    'Health is not known: the upstream allows no more questions for now. Ask again later. ' +
      'Keep sending meanwhile.',
  );
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['retry-after'], '90');
  assert.equal(headers.etag, undefined);
});

test("the upstream's own words are not shown to a key holder", async () => {
  await using world = await openPublicWorld();
  const detail = 'Meta said something about Umbrella.';
  world.upstream.answers(() => failedAnswer('upstream_error', { detail }));
  assert.doesNotMatch((await world.ask()).text, /Umbrella/);
});

for (const httpStatus of [401, 403]) {
  test(`an upstream's ${httpStatus} is not passed on to an issued key`, async () => {
    await using world = await openPublicWorld();
    world.upstream.answers(() => failedAnswer('credential_rejected', { httpStatus }));
    assert.equal((await world.ask()).status, 500);
  });
}

test('when trust has ended no stored 200 is served any more, and a good read regains it', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  world.upstream.answers(() => failedAnswer('account_disabled'));
  await world.clock.advance(SECOND);
  const doubted = await world.ask({ headers: { 'cache-control': 'no-cache' } });
  assert.deepEqual([doubted.status, doubted.says], [200, '1']);
  assert.match(String(doubted.headers['cache-status']), /detail=account_disabled$/);
  await world.clock.advance(5 * SECOND);
  const ended = await world.ask();
  assert.equal(ended.status, 500);
  assert.match(ended.says ?? '', /disabled or unpaid at the upstream/);
  assert.equal(ended.headers['retry-after'], '5');
  world.upstream.answers(() => numbered('phone-available', 9));
  await world.clock.advance(5 * SECOND);
  const regained = await world.ask();
  assert.deepEqual([regained.status, regained.says], [200, '9']);
  assert.equal(regained.headers['cache-status'], 'waba-health; fwd=stale; stored');
});

test('every example of Meta comes out byte for byte and by the contract', async () => {
  await using world = await openPublicWorld();
  for (const name of [
    'flow-blocked-many',
    'phone-available',
    'phone-blocked-payment',
    'phone-limited-display-name',
    'phone-limited-waba-banned',
    'phone-sip-only-reported-blocked',
    'template-blocked',
  ]) {
    const channel = await world.addChannel({ name });
    await world.addKey(channel, { text: name });
    world.upstream.answers(() => goodAnswer(example(name)));
    for (const story of ['fwd', 'hit']) {
      const { status, text, headers } = await world.ask({ key: name });
      assert.equal(status, 200);
      assert.match(String(headers['cache-status']), new RegExp(story));
      assert.equal(text, example(name));
      assert.ok(isByContract(text), name);
    }
  }
});

test('with the store away a known key is served and an unknown one gets a 500', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  world.away.store = true;
  await world.clock.advance(200 * SECOND);
  assert.equal((await world.ask()).status, 200);
  const unknown = await world.ask({ key: 'never-seen' });
  assert.equal(unknown.status, 500);
  assert.equal(unknown.headers['retry-after'], '5');
  assert.equal(unknown.headers['cache-control'], 'no-store');
  const [failed] = world.told('request_failed');
  assert.deepEqual([failed?.method, failed?.route], ['GET', '/health_status']);
});

test('a client that goes away does not cancel the read for the others', async () => {
  await using world = await openPublicWorld();
  const coming = later();
  world.upstream.answers(() => coming.answer);
  const impatient = new AbortController();
  const headers = { 'D360-API-KEY': `wh_${'a'.repeat(43)}` };
  const gone = fetch(`${world.url}/health_status`, { headers, signal: impatient.signal });
  await until(() => world.upstream.asked.length === 1);
  const staying = world.ask();
  impatient.abort();
  await assert.rejects(gone);
  coming.come(numbered('phone-available', 5));
  assert.equal((await staying).says, '5');
  assert.equal(world.upstream.asked.length, 1);
});

/** Each waiting request has one timer: that of its own wait. */
async function allHaveArrived({ clock }: PublicWorld, requests: number): Promise<void> {
  await until(() => clock.pending >= requests);
}
