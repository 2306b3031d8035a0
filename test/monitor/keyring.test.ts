import assert from 'node:assert/strict';
import test from 'node:test';
import { sha256Digest } from '#app/sha256-digest.ts';
import { ISSUED_KEY, openMonitorWorld } from './monitor-world.ts';

const HASH = sha256Digest.sha256Hex(ISSUED_KEY);

test('a key is looked up once and known from then on, also while the store is away', async () => {
  await using world = await openMonitorWorld();
  const { keyring } = world.monitor;
  const key = await world.addKey(await world.addChannel());
  assert.equal(keyring.peek(HASH, world.clock.now()), null);
  assert.deepEqual(await keyring.resolve(HASH), key);
  world.away.store = true;
  assert.deepEqual(await keyring.resolve(HASH), key);
  assert.deepEqual(keyring.peek(HASH, world.clock.now()), key);
  await assert.rejects(keyring.resolve(sha256Digest.sha256Hex('other')), {
    code: 'store_unavailable',
  });
});

test('ten thousand who come with the same unknown key ask the store once', async () => {
  await using world = await openMonitorWorld();
  const { keyring } = world.monitor;
  const answers = await Promise.all(Array.from({ length: 10_000 }, () => keyring.resolve(HASH)));
  assert.ok(answers.every((key) => key === null));
  assert.equal(world.looks.reads, 1);
  await keyring.resolve(HASH);
  assert.equal(world.looks.reads, 1);
  await world.clock.advance(5_000);
  await keyring.resolve(HASH);
  assert.equal(world.looks.reads, 2);
});

test('a revoked key opens nothing from the moment it is forgotten', async () => {
  await using world = await openMonitorWorld();
  const { keyring } = world.monitor;
  const key = await world.addKey(await world.addChannel());
  await keyring.resolve(HASH);
  await world.store.change((tx) => tx.apiKeys.revoke(key.keyId, world.clock.now()));
  keyring.forget([HASH]);
  assert.equal(keyring.peek(HASH, world.clock.now()), null);
  assert.equal(await keyring.resolve(HASH), null);
});

test('a key that was tried before it was issued opens as soon as it is issued', async () => {
  await using world = await openMonitorWorld();
  const { keyring } = world.monitor;
  assert.equal(await keyring.resolve(HASH), null);
  const key = await world.addKey(await world.addChannel());
  keyring.forget([HASH]);
  assert.deepEqual(await keyring.resolve(HASH), key);
});

test('a key revoked while it is looked up is not remembered', async () => {
  await using world = await openMonitorWorld();
  const { keyring } = world.monitor;
  const key = await world.addKey(await world.addChannel());
  const looking = keyring.resolve(HASH);
  keyring.forget([HASH]);
  await looking;
  assert.equal(keyring.peek(HASH, world.clock.now()), null);
  await world.store.change((tx) => tx.apiKeys.revoke(key.keyId, world.clock.now()));
  assert.equal(await keyring.resolve(HASH), null);
});

test('a key ends in the moment in which it expires', async () => {
  await using world = await openMonitorWorld();
  const { keyring } = world.monitor;
  const expiresAt = world.clock.now() + 1_000;
  await world.addKey(await world.addChannel(), { expiresAt });
  assert.ok(await keyring.resolve(HASH));
  assert.ok(keyring.peek(HASH, expiresAt - 1));
  assert.equal(keyring.peek(HASH, expiresAt), null);
  await world.clock.advance(1_000);
  assert.equal(await keyring.resolve(HASH), null);
});

test('memory knows no more keys than it may', async () => {
  await using world = await openMonitorWorld({ keysMax: 2 });
  const { keyring } = world.monitor;
  const support = await world.addChannel();
  const texts = ['one', 'two', 'three'];
  for (const text of texts) await world.addKey(support, { text });
  for (const text of texts) assert.ok(await keyring.resolve(sha256Digest.sha256Hex(text)));
  const known = texts.filter((text) => keyring.peek(sha256Digest.sha256Hex(text), 0) !== null);
  assert.deepEqual(known, ['two', 'three']);
});

test('more lookups at once than are allowed are refused', async () => {
  await using world = await openMonitorWorld({ unknownKeysMax: 2 });
  const { keyring } = world.monitor;
  const looking = ['one', 'two'].map((hash) => keyring.resolve(hash));
  await assert.rejects(keyring.resolve('three'), { code: 'store_unavailable' });
  await Promise.all(looking);
});
