import assert from 'node:assert/strict';
import test from 'node:test';
import { networkOf } from '#http/bad-keys.ts';
import { sha256Digest } from '#app/sha256-digest.ts';
import { failedAnswer } from '#test/fakes/upstream.ts';
import { ISSUED_KEY, SUPPORT_SECRET } from '#test/monitor/monitor-world.ts';
import type { PublicReply } from './public-world.ts';
import { openPublicWorld } from './public-world.ts';

const SECOND = 1_000;

test('without a valid key there is a 401 that says how to authenticate', async () => {
  await using world = await openPublicWorld();
  for (const key of [null, '', 'unknown', `${ISSUED_KEY}x`, 'x'.repeat(5_000)]) {
    refusesKey(await world.ask({ key }));
  }
  assert.equal(world.upstream.asked.length, 0);
});

test('a key sent twice opens nothing, in two headers or in one', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  refusesKey(await world.ask({ headers: { 'D360-API-KEY': [ISSUED_KEY, ISSUED_KEY] } }));
  refusesKey(await world.ask({ key: `${ISSUED_KEY},${ISSUED_KEY}` }));
  refusesKey(await world.ask({ key: `${ISSUED_KEY}, other` }));
  const twice =
    'GET /health_status HTTP/1.1\r\nHost: a\r\nConnection: close\r\n' +
    `D360-API-KEY: ${ISSUED_KEY}\r\nd360-api-key: ${ISSUED_KEY}\r\n\r\n`;
  assert.match(await world.raw(twice), /^HTTP\/1\.1 401 /);
});

test('a second key is seen however many other headers stand before it', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  const others = Array.from({ length: 1_500 }, (_, n) => `a${n}:b\r\n`).join('');
  const request =
    `GET /health_status HTTP/1.1\r\nHost: a\r\nConnection: close\r\n` +
    `D360-API-KEY: ${ISSUED_KEY}\r\n${others}D360-API-KEY: other\r\n\r\n`;
  assert.match(await world.raw(request), /^HTTP\/1\.1 401 /);
});

test('the name of the header is known in any case, the key only as it is', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  const { status } = await world.ask({ key: null, headers: { 'd360-Api-KEY': ISSUED_KEY } });
  assert.equal(status, 200);
  refusesKey(await world.ask({ key: ISSUED_KEY.toUpperCase() }));
});

test('a revoked key opens nothing from that moment on, in both lanes', async () => {
  await using world = await openPublicWorld();
  assert.equal((await world.ask()).status, 200);
  const { keyId } = world.key;
  await world.store.change((tx) => tx.apiKeys.revoke(keyId, world.clock.now()));
  world.monitor.keyring.forget([sha256Digest.sha256Hex(ISSUED_KEY)]);
  refusesKey(await world.ask());
  refusesKey(await world.ask({ path: '/health_status?' }));
});

test('an expired key opens nothing, in both lanes', async () => {
  await using world = await openPublicWorld();
  const expiresAt = world.clock.now() + 10 * SECOND;
  await world.addKey(world.support, { text: 'for-ten-seconds', expiresAt });
  const asking = { key: 'for-ten-seconds' };
  assert.equal((await world.ask(asking)).status, 200);
  await world.clock.advance(9_999);
  assert.equal((await world.ask(asking)).status, 200);
  await world.clock.advance(1);
  refusesKey(await world.ask(asking));
  refusesKey(await world.ask({ ...asking, path: '/health_status?' }));
});

test('the adopted key of a rejected credential is refused as 360dialog would', async () => {
  await using world = await openPublicWorld();
  await world.addKey(world.support, { text: SUPPORT_SECRET, origin: 'adopted' });
  world.upstream.answers(() => failedAnswer('credential_rejected', { httpStatus: 401 }));
  refusesKey(await world.ask({ key: SUPPORT_SECRET }));
  assert.equal((await world.ask()).status, 500);
});

test('an adopted key opens its channel as an issued one does', async () => {
  await using world = await openPublicWorld();
  await world.addKey(world.support, { text: SUPPORT_SECRET, origin: 'adopted' });
  const { status, says } = await world.ask({ key: SUPPORT_SECRET });
  assert.deepEqual([status, says], [200, '1']);
});

test('a key opens its own channel only', async () => {
  await using world = await openPublicWorld();
  const sales = await world.addChannel({ name: 'sales' });
  await world.addKey(sales, { text: 'sales' });
  assert.equal((await world.ask()).says, '1');
  assert.equal((await world.ask({ key: 'sales' })).says, '2');
  assert.equal((await world.ask()).says, '1');
});

test('too many bad keys from one address are slowed down, a valid key never', async () => {
  await using world = await openPublicWorld();
  await world.ask();
  for (let n = 0; n < 30; n += 1) refusesKey(await world.ask({ key: `guess-${n}` }));
  await world.clock.advance(20 * SECOND);
  const slowed = await world.ask({ key: 'guess-31' });
  assert.equal(slowed.status, 429);
  assert.equal(slowed.headers['retry-after'], '40');
  assert.equal(slowed.headers['cache-control'], 'no-store');
  await world.addKey(world.support, { text: 'never-seen-before' });
  assert.equal((await world.ask({ key: 'never-seen-before' })).status, 200);
  assert.equal((await world.ask()).status, 200);
  refusesKey(await world.ask({ key: null }));
  await world.clock.advance(40 * SECOND);
  refusesKey(await world.ask({ key: 'guess-32' }));
});

test('one client is known by its IPv4 address or its IPv6 network', () => {
  assert.equal(networkOf('192.0.2.7'), '192.0.2.7');
  assert.equal(networkOf('::ffff:192.0.2.7'), '192.0.2.7');
  assert.equal(networkOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
  assert.equal(networkOf('2001:db8:1:2:ffff::1'), '2001:db8:1:2::/64');
  assert.equal(networkOf('2001:db8::1'), '2001:db8:0:0::/64');
  assert.equal(networkOf('::1'), '0:0:0:0::/64');
  assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64');
  assert.equal(networkOf(''), '');
});

function refusesKey({ status, headers, text }: PublicReply): void {
  assert.equal(status, 401, text);
  assert.equal(text, '{"error":"Invalid API key"}');
  assert.equal(headers['www-authenticate'], 'ApiKey realm="waba-health"');
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['cache-status'], undefined);
}
