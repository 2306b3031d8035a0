/** The key that seals secrets: made once, asked for ever after. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Secret } from '#domain/secret.ts';
import { ACME_TOKEN, addSupport, aCredential, anApp } from '#test/contracts/store/acme.ts';
import { addReceivers } from '#test/contracts/store/acme-telling.ts';
import { refuses } from '#test/contracts/store/harness.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';
import { temporaryDirectory, type TemporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { contentsOf, openIn, rowsIn, runSql } from '#test/stores/open-in.ts';

const OTHER_KEY = 'b'.repeat(64);

test('a key is made at the first start, readable for this user alone, and used from then on', async () => {
  using directory = temporaryDirectory();
  const first = await openIn(directory.path);
  const { credentialId } = await addSupport(first);
  await first.close();
  const path = keyIn(directory);
  assert.match(readFileSync(path, 'utf8'), /^[0-9a-f]{64}\n$/);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const second = await openIn(directory.path, { randomness: createFakeRandomness('another') });
  const secret = await second.read((view) => view.credentials.secretOf(credentialId));
  assert.equal(secret.reveal(), ACME_TOKEN);
  await second.close();
});

test('a missing key is made again as long as nothing sealed is stored', async () => {
  using directory = temporaryDirectory();
  const first = await openIn(directory.path);
  await first.change((tx) => tx.apps.add(anApp(), null));
  await first.close();
  rmSync(keyIn(directory));
  await (await openIn(directory.path)).close();
  assert.ok(existsSync(keyIn(directory)));
});

test('a missing key stops the start once something sealed is stored, and none is made', async () => {
  for (const store of [addSealedApp, addSealedCredential, addSealedReceiver]) {
    using directory = temporaryDirectory();
    await store(directory);
    rmSync(keyIn(directory));
    await refusesUntouched(directory, /seal\.key is missing.*No new one was made/);
  }
});

test('another key stops the start, from the file or given', async () => {
  for (const store of [addSealedApp, addSealedCredential, addSealedReceiver]) {
    using directory = temporaryDirectory();
    await store(directory);
    const sealKey = Buffer.from(OTHER_KEY, 'hex');
    const sentence = /not the one that sealed .* has the id [0-9a-f]{8}, theirs is [0-9a-f]{8}/;
    const before = contentsOf(directory.path);
    await refuses(openIn(directory.path, { sealKey }), 'cannot_start', sentence);
    assert.deepEqual(contentsOf(directory.path), before);
    writeFileSync(keyIn(directory), OTHER_KEY);
    await refusesUntouched(directory, sentence);
  }
});

test('a key that is malformed stops the start, also where nothing is sealed', async () => {
  using directory = temporaryDirectory();
  await (await openIn(directory.path)).close();
  for (const text of ['', 'x', OTHER_KEY.slice(1), `${OTHER_KEY}0`, 'g'.repeat(64)]) {
    writeFileSync(keyIn(directory), text);
    await refusesUntouched(directory, /seal\.key is damaged: it must hold 64 hex digits/);
  }
  rmSync(keyIn(directory));
  const sealKey = new Uint8Array(31);
  const short = /has 31 bytes and must have 32/;
  await refuses(openIn(directory.path, { sealKey }), 'cannot_start', short);
});

test('a key that is given is used, and no file is made', async () => {
  using directory = temporaryDirectory();
  const sealKey = Buffer.from(OTHER_KEY, 'hex');
  const first = await openIn(directory.path, { sealKey });
  const { credentialId } = await addSupport(first);
  await first.close();
  assert.ok(!existsSync(keyIn(directory)));
  await refusesUntouched(directory, /seal\.key is missing/);
  const second = await openIn(directory.path, { sealKey });
  const secret = await second.read((view) => view.credentials.secretOf(credentialId));
  assert.equal(secret.reveal(), ACME_TOKEN);
  await second.close();
});

test('a sealed secret that was moved to another row does not open there', async () => {
  using directory = temporaryDirectory();
  const store = await openIn(directory.path);
  const [acme, umbrella] = [aCredential(), aCredential({ name: 'umbrella' })];
  await store.change(async (tx) => {
    await tx.credentials.add(acme, new Secret(ACME_TOKEN));
    await tx.credentials.add(umbrella, new Secret('umbrella token'));
  });
  const move =
    'update credentials set secret = ' +
    "(select secret from credentials where name = 'acme') where name = 'umbrella'";
  runSql(directory.path, move);
  const moved = store.read((view) => view.credentials.secretOf(umbrella.id));
  await refuses(moved, 'store_unavailable', /sealed secret of cr_\w+ in credentials .*moved/);
  await store.close();
});

test('the same secret is sealed differently each time', async () => {
  using directory = temporaryDirectory();
  const store = await openIn(directory.path);
  await store.change(async (tx) => {
    await tx.credentials.add(aCredential(), new Secret(ACME_TOKEN));
    await tx.credentials.add(aCredential({ name: 'again' }), new Secret(ACME_TOKEN));
  });
  const sealed = rowsIn(directory.path, 'select secret from credentials');
  const parts = sealed.map(({ secret }) => String(secret).split('.'));
  assert.equal(new Set(parts.map(([, , nonce]) => nonce)).size, 2);
  assert.equal(new Set(parts.map(([, , , text]) => text)).size, 2);
  for (const [version, keyId, ...rest] of parts) {
    assert.equal(version, 'v1');
    assert.match(keyId ?? '', /^[0-9a-f]{8}$/);
    assert.equal(rest.length, 3);
  }
  await store.close();
});

function keyIn(directory: TemporaryDirectory): string {
  return join(directory.path, 'seal.key');
}

async function addSealedReceiver(directory: TemporaryDirectory): Promise<void> {
  const store = await openIn(directory.path);
  await addReceivers(store, 'on-call');
  await store.close();
}

async function addSealedCredential(directory: TemporaryDirectory): Promise<void> {
  const store = await openIn(directory.path);
  await addSupport(store);
  await store.close();
}

async function addSealedApp(directory: TemporaryDirectory): Promise<void> {
  const store = await openIn(directory.path);
  await store.change((tx) => tx.apps.add(anApp({ hasSecret: true }), new Secret('app secret')));
  await store.close();
}

async function refusesUntouched(directory: TemporaryDirectory, sentence: RegExp): Promise<void> {
  const before = contentsOf(directory.path);
  await refuses(openIn(directory.path), 'cannot_start', sentence);
  assert.deepEqual(contentsOf(directory.path), before);
}
