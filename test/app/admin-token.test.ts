import assert from 'node:assert/strict';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { prepareAdminToken, replaceAdminToken } from '#app/admin-token.ts';
import { sha256Digest } from '#app/sha256-digest.ts';
import { systemRandomness } from '#app/system-randomness.ts';
import { Secret } from '#domain/secret.ts';
import { openTestStore } from '#test/fakes/open-store.ts';

test('the first start makes a token, hands it over to its owner only, and keeps only its hash', async () => {
  await using world = await startWorld();
  const token = await prepareAdminToken(world.deps, null);
  const text = (await readFile(world.file, 'utf8')).trim();
  assert.equal((await stat(world.file)).mode & 0o777, 0o600);
  assert.equal(await token.verify(text), true);
  assert.equal(await token.verify(`${text}x`), false);
  assert.equal(await world.hash(), sha256Digest.sha256Hex(text));
  assert.equal(token.notice, null);
  assert.equal(token.file, world.file);
});

test('a later start takes the token that is there and says nothing', async () => {
  await using world = await startWorld();
  await prepareAdminToken(world.deps, null);
  const before = await readFile(world.file, 'utf8');
  const token = await prepareAdminToken(world.deps, null);
  assert.equal(token.notice, null);
  assert.equal(token.file, world.file);
  assert.equal(await readFile(world.file, 'utf8'), before);
});

test('a token whose file is gone still works, and the start says how to get a new one', async () => {
  await using world = await startWorld();
  await prepareAdminToken(world.deps, null);
  const text = (await readFile(world.file, 'utf8')).trim();
  await rm(world.file);
  const token = await prepareAdminToken(world.deps, null);
  assert.equal(await token.verify(text), true);
  assert.match(token.notice ?? '', /db admin-token/);
  await writeFile(world.file, 'wha_of-another-installation');
  const foreign = await prepareAdminToken(world.deps, null);
  assert.match(foreign.notice ?? '', /does not hold the token that is in force/);
});

test('a given token replaces the stored one, and no file is written', async () => {
  await using world = await startWorld();
  const token = await prepareAdminToken(world.deps, new Secret('token-of-acme-0123'));
  assert.equal(await token.verify('token-of-acme-0123'), true);
  await assert.rejects(stat(world.file), { code: 'ENOENT' });
  const other = await prepareAdminToken(world.deps, new Secret('token-of-acme-4567'));
  assert.equal(await other.verify('token-of-acme-0123'), false);
});

test('a new token ends the old one', async () => {
  await using world = await startWorld();
  await prepareAdminToken(world.deps, null);
  const old = (await readFile(world.file, 'utf8')).trim();
  await replaceAdminToken(world.deps);
  const token = await prepareAdminToken(world.deps, null);
  assert.equal(await token.verify(old), false);
  assert.equal(await token.verify((await readFile(world.file, 'utf8')).trim()), true);
});

async function startWorld() {
  const store = await openTestStore();
  const { dataDir } = store;
  return {
    deps: { store, dataDir, digest: sha256Digest, randomness: systemRandomness },
    file: join(dataDir, 'admin.token'),
    hash: () => store.read((view) => view.settings.get('admin_token_hash')),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
