import assert from 'node:assert/strict';
import test from 'node:test';
import { fieldsIn } from '#http/fields-query.ts';
import { failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import { example } from '#test/monitor/monitor-world.ts';
import { openPublicWorld } from './public-world.ts';

const SECOND = 1_000;

test('named fields are read on their own and passed through as bytes', async () => {
  await using world = await openPublicWorld();
  const body = example('phone-available').replace('{', '{ "display_phone_number": "+49 30 1234",');
  world.upstream.answers(() => goodAnswer(body));
  const path = '/health_status?fields=verified_name,display_phone_number,verified_name';
  const { status, text, headers } = await world.ask({ path });
  assert.deepEqual([status, text], [200, body]);
  assert.deepEqual(world.upstream.askedFields, ['display_phone_number,verified_name']);
  assert.equal(world.upstream.asked.length, 0);
  assert.equal(headers['cache-status'], 'waba-health; fwd=uri-miss; stored');
  assert.equal(headers['cache-control'], 'private, max-age=30');
  assert.equal(headers['waba-health-verdict'], 'messaging=UNKNOWN');
  assert.equal(headers['waba-health-reason'], 'never_read');
  await world.clock.advance(12 * SECOND);
  const again = await world.ask({
    path: '/health_status?fields=display_phone_number&fields=verified_name',
    headers: { 'if-none-match': String(headers.etag) },
  });
  assert.equal(again.status, 304);
  assert.equal(again.headers['cache-status'], 'waba-health; hit; ttl=18');
  assert.equal(again.headers.age, '12');
});

test('only id and health_status named is the plain answer', async () => {
  await using world = await openPublicWorld();
  for (const query of ['fields=id', 'fields=health_status,id', 'fields=id&fields=health_status']) {
    assert.equal((await world.ask({ path: `/health_status?${query}` })).says, '1');
  }
  assert.deepEqual(world.upstream.askedFields, []);
  assert.equal(world.upstream.asked.length, 1);
});

test('other parameters are ignored', async () => {
  await using world = await openPublicWorld();
  for (const query of ['', '?', '?a=b', '?field=x', '?%zz', '?Fields=x']) {
    assert.equal((await world.ask({ path: `/health_status${query}` })).says, '1', query);
  }
});

test('a wrong fields parameter is a 400 that says what would be right', async () => {
  await using world = await openPublicWorld();
  const wrong: [string, RegExp][] = [
    ['fields=', /^The parameter fields is empty: name at least one field, or leave it out\.$/],
    ['fields=,', /^The parameter fields is empty/],
    ['fields=name,', /^The parameter fields has '', which is no field name: write small letters/],
    ['fields=Name', /^The parameter fields has 'Name'/],
    ['fields=1a', /^The parameter fields has '1a'/],
    ['fields=a%3Cb%3E', /^The parameter fields has 'a\?b\?'/],
    [
      'fields=whatsapp_business_account%7Bid%7D',
      /^The parameter fields has 'whatsapp_business_account\{id\}'/,
    ],
    [`fields=${'a'.repeat(65)}`, /^The parameter fields has 'a{64}'/],
    [`fields=${names(21)}`, /^The parameter fields names 21 fields: ask for at most 20 at once\.$/],
  ];
  for (const [query, sentence] of wrong) {
    const { status, says, headers } = await world.ask({ path: `/health_status?${query}` });
    assert.equal(status, 400, query);
    assert.match(says ?? '', sentence);
    assert.equal(headers['cache-control'], 'no-store');
  }
  assert.deepEqual(world.upstream.askedFields, []);
});

test('twenty names are allowed, spaces around them and repetition do not count', () => {
  const wish = fieldsIn(`fields=${names(20)},%20f1%20`);
  assert.ok(wish.ok);
  assert.equal(wish.fields?.length, 20);
  assert.deepEqual(fieldsIn('fields=b,a,b'), { ok: true, fields: ['a', 'b'] });
});

test('a key is asked for before fields are looked at', async () => {
  await using world = await openPublicWorld();
  const { status } = await world.ask({ path: '/health_status?fields=WRONG', key: 'unknown' });
  assert.equal(status, 401);
});

test("a field that Meta does not know is a 500 with Meta's sentence and touches nothing", async () => {
  await using world = await openPublicWorld();
  await world.ask();
  const before = await world.stateOf(world.support);
  const detail = '(#100) Tried accessing nonexisting field (shoe_size).';
  world.upstream.answers(() => failedAnswer('upstream_error', { detail, graphCode: 100 }));
  const { status, says } = await world.ask({ path: '/health_status?fields=shoe_size' });
  assert.deepEqual([status, says], [500, detail]);
  assert.deepEqual(await world.stateOf(world.support), before);
  assert.equal((await world.ask()).status, 200);
});

test('any other failure of a read of fields has our own sentence', async () => {
  await using world = await openPublicWorld();
  world.upstream.answers(() => failedAnswer('timeout', { detail: 'Umbrella' }));
  const { status, says } = await world.ask({ path: '/health_status?fields=name' });
  assert.equal(status, 500);
  assert.match(says ?? '', /^Health is not known: the upstream did not answer in time\./);
});

test('one key cannot make us ask for field after field', async () => {
  await using world = await openPublicWorld();
  for (let n = 0; n < 10; n += 1) await world.ask({ path: `/health_status?fields=f${n}` });
  const { status, headers } = await world.ask({ path: '/health_status?fields=f10' });
  assert.equal(status, 429);
  assert.equal(headers['retry-after'], '10');
  assert.equal(world.upstream.askedFields.length, 10);
});

function names(count: number): string {
  return Array.from({ length: count }, (_, n) => `f${n}`).join(',');
}
