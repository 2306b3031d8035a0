import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { ChannelId } from '#domain/id.ts';
import { adoptKey, issueKey, revokeKey } from '#monitor/keys.ts';
import { createMonitor } from '#monitor/monitor.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { removeChannel } from '#monitor/remove-channel.ts';
import { addSupport, addToken, allIsWell, bytesOf, graphWish } from './acme-monitor.ts';
import { KEY, keyWish, openedBy } from './acme-monitor.ts';
import type { MonitorWorld } from './monitor-world.ts';
import { openMonitorWorld } from './monitor-world.ts';

const FOREVER = { expiresAt: null };
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

test('an issued key opens its channel at once', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const { key, text } = await issueKey(world.monitor, 'support', FOREVER);
  assert.match(text.reveal(), /^wh_[0-9A-Za-z]{43}$/);
  assert.equal(key.hint, text.reveal().slice(0, 7));
  assert.deepEqual([key.channelId, key.origin], [support.id, 'issued']);
  assert.equal(await openedBy(world, text.reveal()), support.id);
});

test('an issued key is stored as its hash alone', async () => {
  await using world = await openMonitorWorld();
  await addSupport(world);
  const { key, text } = await issueKey(world.monitor, 'support', FOREVER);
  const hash = world.deps.digest.sha256Hex(text.reveal());
  assert.deepEqual(await world.store.read((view) => view.apiKeys.findByHash(hash)), key);
  const bytes = bytesOf(world.store.dataDir);
  assert.ok(bytes.includes(hash), 'the hash is in the files that are searched');
  assert.ok(!bytes.includes(text.reveal().slice(8)), 'the text is in none of them');
  assert.doesNotMatch(JSON.stringify({ key, text }), new RegExp(text.reveal().slice(8)));
});

test('two issued keys differ, and both open the channel', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const one = (await issueKey(world.monitor, 'support', FOREVER)).text.reveal();
  const other = (await issueKey(world.monitor, support.id, FOREVER)).text.reveal();
  assert.notEqual(one, other);
  assert.deepEqual(
    [await openedBy(world, one), await openedBy(world, other)],
    [support.id, support.id],
  );
});

test('whatever 32 bytes chance gives, the key has its form and tells them all', async () => {
  await using world = await openMonitorWorld();
  await addSupport(world);
  let drawn = new Uint8Array(32);
  const monitor = createMonitor({ ...world.deps, randomness: { bytes: () => drawn } });
  const edges = [0, 255].map(
    (byte) => [new Uint8Array(32).fill(byte)] as [Uint8Array<ArrayBuffer>],
  );
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const property = fc.asyncProperty(bytes, async (chance) => {
    drawn = new Uint8Array(chance);
    const { key, text } = await issueKey(monitor, 'support', FOREVER);
    assert.match(text.reveal(), /^wh_[0-9A-Za-z]{43}$/);
    assert.deepEqual(bytesIn(text.reveal().slice(3)), drawn);
    // So that the same bytes may come again.
    await revokeKey(monitor, key.id);
  });
  await fc.assert(property, { numRuns: 50, examples: edges });
  await monitor.close();
});

test('a key whose end is past is refused, one that ends later opens until then', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const now = world.clock.now();
  for (const expiresAt of [now, now - 1, 0]) {
    await assert.rejects(issueKey(world.monitor, 'support', { expiresAt }), {
      code: 'invalid_request',
      items: [{ at: 'expires_at', message: 'must be in the future' }],
    });
  }
  assert.equal((await keysOf(world, support.id)).length, 1);
  const { text } = await issueKey(world.monitor, 'support', { expiresAt: now + 1_000 });
  assert.equal(await openedBy(world, text.reveal()), support.id);
  await world.clock.advance(1_000);
  assert.equal(await openedBy(world, text.reveal()), null);
});

test('a revoked key opens nothing at once, the other keys still do', async () => {
  await using world = await openMonitorWorld();
  const support = await addSupport(world);
  const { key, text } = await issueKey(world.monitor, 'support', FOREVER);
  assert.equal(await openedBy(world, text.reveal()), support.id);
  assert.equal(await openedBy(world, KEY), support.id);
  await revokeKey(world.monitor, key.id);
  assert.equal(await openedBy(world, text.reveal()), null);
  assert.equal(await openedBy(world, KEY), support.id);
  const at = world.clock.now();
  await world.clock.advance(1_000);
  await revokeKey(world.monitor, key.id);
  const keys = await keysOf(world, support.id);
  assert.equal(keys.find(({ id }) => id === key.id)?.revokedAt, at);
});

test('the 360dialog key of a channel can be adopted later, and given up again', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  const wish = keyWish(KEY, { adoptKey: false });
  const { channel } = await putChannel(world.monitor, 'support', wish);
  assert.equal(await openedBy(world, KEY), null);
  const key = await adoptKey(world.monitor, 'support');
  assert.deepEqual([key.origin, key.hint, key.expiresAt], ['adopted', '0001', null]);
  assert.equal(await openedBy(world, KEY), channel.id);
  await assert.rejects(adoptKey(world.monitor, 'support'), { code: 'conflict' });
  await revokeKey(world.monitor, key.id);
  assert.equal(await openedBy(world, KEY), null);
  await adoptKey(world.monitor, 'support');
  assert.equal(await openedBy(world, KEY), channel.id);
});

test('a token of graph is never adopted', async () => {
  await using world = await openMonitorWorld();
  allIsWell(world);
  await addToken(world);
  const { channel } = await putChannel(world.monitor, 'support', graphWish());
  await assert.rejects(adoptKey(world.monitor, 'support'), {
    code: 'invalid_request',
    message: /issue a key/,
  });
  assert.deepEqual(await keysOf(world, channel.id), []);
});

test('no key is made for a channel that is not there, or no longer', async () => {
  await using world = await openMonitorWorld();
  await assert.rejects(issueKey(world.monitor, 'support', FOREVER), {
    code: 'not_found',
    message: 'There is no channel support.',
  });
  await assert.rejects(adoptKey(world.monitor, 'support'), { code: 'not_found' });
  const support = await addSupport(world);
  await removeChannel(world.monitor, 'support', { purge: false });
  await assert.rejects(issueKey(world.monitor, support.id, FOREVER), {
    code: 'not_found',
    message: 'Channel support was removed.',
  });
  await assert.rejects(adoptKey(world.monitor, support.id), { code: 'not_found' });
  await assert.rejects(revokeKey(world.monitor, 'key_00000000000000000000000009'), {
    code: 'not_found',
  });
});

/** The 32 bytes behind a base62 text, by the way back. */
function bytesIn(text: string): Uint8Array {
  const digits = Array.from(text, (digit) => BigInt(BASE62.indexOf(digit)));
  const number = digits.reduce((sum, digit) => sum * 62n + digit, 0n);
  return Uint8Array.fromHex(number.toString(16).padStart(64, '0'));
}

function keysOf({ store }: MonitorWorld, id: ChannelId) {
  return store.read((view) => view.apiKeys.listOf(id));
}
