/** The real program over a real PostgreSQL: moved there, shared by two, cut off from it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { withPostgres } from '#test/fakes/with-postgres.ts';
import { ACME, startWorld } from './world.ts';
import type { HttpAnswer, World } from './world.ts';

const SEAL_KEY = '5e'.repeat(32);
const ADMIN_TOKEN = 'admin-token-canary6-0123456789';

withPostgres((server) => {
  test('an instance moves to PostgreSQL and answers as before, also while the database is away', async () => {
    await using world = await startWorld();
    await world.cli(['channels', 'add', 'support', '--dialog360'], { input: ACME.support.key });
    const before = await world.health(ACME.support.key);
    assert.equal(before.status, 200);
    await world.stopServer();
    const url = await server().createDatabase();
    const env = { WABA_HEALTH_DATABASE: url };
    const copied = await world.cli(['db', 'copy'], { env });
    assert.equal(copied.code, 0, copied.stderr);
    assert.match(copied.stdout, /^channels +1 rows$/m);
    assert.match(copied.stdout, /^Copied and compared \d+ rows/m);

    const secrets = ['--seal-key-file', join(world.dataDir, 'seal.key')];
    secrets.push('--admin-token-file', join(world.dataDir, 'admin.token'));
    await world.startServer(['--database', url, ...secrets]);
    const after = await world.health(ACME.support.key);
    assert.equal(after.status, 200);
    assert.equal(after.body, before.body);
    assert.match((await world.cli(['channels', 'list'])).stdout, /support/);

    await server().kill();
    assert.equal((await world.health(ACME.support.key)).status, 200);
    assert.equal((await world.api('GET', '/channels')).status, 503);
    assert.equal((await world.get('/readyz')).status, 200);
    await server().start();
    assert.equal((await world.api('GET', '/channels')).status, 200);
    const { code, stdout, stderr } = await world.stopServer();
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stdout + stderr, /canary|postgresql:\/\//);
  });

  test('a server that starts before its database waits for it', async () => {
    const url = await server().createDatabase();
    await server().kill();
    const door = createServer((socket) => socket.destroy()).listen(server().port, '127.0.0.1');
    await once(door, 'listening');
    const knocked = once(door, 'connection');
    const starting = sharing(url);
    await Promise.race([knocked, starting]);
    door.close();
    await once(door, 'close');
    await server().start();
    await using world = await starting;
    assert.equal((await world.get('/readyz')).status, 200);
  });

  test('without the secrets that servers share there is no start, and both are named at once', async () => {
    await using world = await startWorld({ serve: false });
    const env = { WABA_HEALTH_DATABASE: await server().createDatabase() };
    const { code, stderr } = await world.cli(['serve'], { env });
    assert.equal(code, 1, stderr);
    assert.match(stderr, /--seal-key-file is needed/);
    assert.match(stderr, /--admin-token-file \(or WABA_HEALTH_ADMIN_TOKEN\) is needed/);
    const renewed = await world.cli(['db', 'admin-token'], { env });
    assert.equal(renewed.code, 1);
    assert.match(renewed.stderr, /is the one that they are given/);
  });

  test('a key that is revoked at one server is refused by the other', async () => {
    const url = await server().createDatabase();
    await using one = await sharing(url);
    await using other = await sharing(url);
    const cli = (args: readonly string[], input?: string) =>
      one.cli(args, { env: { WABA_HEALTH_ADMIN_TOKEN: ADMIN_TOKEN }, ...(input && { input }) });
    const credential = await cli(['credentials', 'add', 'acme', '--graph'], ACME.token);
    assert.equal(credential.code, 0, credential.stderr);
    const add = ['channels', 'add', 'sales', '--graph', '--node', ACME.sales.id];
    const added = await cli([...add, '--credential', 'acme', '--json']);
    assert.equal(added.code, 0, added.stderr);
    const { api_key: key }: { api_key: string } = JSON.parse(added.stdout);
    assert.equal((await other.health(key)).status, 200);
    const listed = await cli(['keys', 'list', 'sales', '--json']);
    const id = /key_[0-9a-z]{26}/.exec(listed.stdout)?.[0] ?? assert.fail(listed.stdout);
    const revoked = await cli(['keys', 'revoke', id]);
    assert.equal(revoked.code, 0, revoked.stderr);
    await refusesSoon(other, key);
  });
});

/** How long the other may take to hear of it, by its own clock; it looks once a second. */
const HEARD_WITHIN_MS = 30_000;

/** Asks until the key is refused, and fails when the answers' own dates have gone on for too long. */
async function refusesSoon(world: World, key: string): Promise<void> {
  let answer = await world.health(key);
  const until = dateOf(answer) + HEARD_WITHIN_MS;
  while (answer.status === 200) {
    assert.ok(dateOf(answer) <= until, 'the revoked key is still honoured');
    answer = await world.health(key);
  }
  assert.equal(answer.status, 401);
}

function dateOf({ headers }: HttpAnswer): number {
  return Date.parse(headers.date ?? assert.fail('an answer without a date'));
}

/** A server of its own on this database. */
async function sharing(url: string): Promise<World> {
  const world = await startWorld({ serve: false });
  try {
    const [sealKey, token] = [join(world.directory, 'seal'), join(world.directory, 'token')];
    writeFileSync(sealKey, SEAL_KEY);
    writeFileSync(token, ADMIN_TOKEN);
    const secrets = ['--seal-key-file', sealKey, '--admin-token-file', token];
    await world.startServer(['--database', url, ...secrets]);
    return world;
  } catch (error) {
    await world[Symbol.asyncDispose]();
    throw error;
  }
}
