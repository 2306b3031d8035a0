import assert from 'node:assert/strict';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CLI_MAIN, run } from './child.ts';
import { ACME, call, startWorld, waitUntil } from './world.ts';
import type { World } from './world.ts';

test('a restart loses nothing: channels, keys, answers and the token are as before', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const issued = JSON.parse((await world.cli(['keys', 'add', 'support', '--json'])).stdout);
  const before = await world.health(issued.text);
  const token = world.adminToken();
  assert.equal((await world.stopServer()).code, 0);
  await world.startServer();
  const reads = await world.readsOf('support');
  const after = await world.health(issued.text);
  assert.equal(after.status, 200);
  assert.equal(after.body, before.body);
  assert.equal(after.headers['etag'], before.headers['etag']);
  assert.equal((await world.health(ACME.support.key)).status, 200);
  assert.equal(world.adminToken(), token);
  assert.equal(await world.readsOf('support'), reads);
});

test('what was answered before a kill -9 during writes is there after it', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const made: { id: string; text: string }[] = [];
  const writing = (async () => {
    const headers = {
      authorization: `Bearer ${world.adminToken()}`,
      'content-type': 'application/json',
    };
    const { url } = world.server();
    for (;;) {
      const asked = { method: 'POST', headers, body: '{}' };
      const answer = await call(`${url}/api/v1/channels/support/keys`, asked).catch(() => null);
      if (answer?.status !== 201) return;
      made.push(JSON.parse(answer.body));
    }
  })();
  await waitUntil(() => made.length >= 20);
  await world.stopServer('SIGKILL');
  await writing;
  await world.startServer();
  for (const { text } of made) assert.equal((await world.health(text)).status, 200);
  const { stdout } = await world.cli(['keys', 'list', 'support', '--json', '--limit', '5000']);
  const listed: { items: { id: string }[] } = JSON.parse(stdout);
  const ids = new Set(listed.items.map((key) => key.id));
  for (const { id } of made) assert.ok(ids.has(id), id);
  assert.equal((await world.cli(['check', 'support'])).code, 0);
});

test('a read that a kill -9 cut off keeps nobody from reading after the restart', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await world.act({ do: 'fault', kind: 'hang', upstream: 'dialog360' });
  const reads = await world.readsOf('support');
  const asked = world.health(ACME.support.key, { 'cache-control': 'no-cache' });
  const cut = assert.rejects(asked, { code: 'ECONNRESET' });
  await waitUntil(async () => (await world.readsOf('support')) > reads);
  await world.stopServer('SIGKILL');
  await cut;
  await world.act({ do: 'clear' });
  await world.startServer();
  const checked = await world.cli(['check', 'support', '--json']);
  assert.equal(checked.code, 0, checked.stderr);
  assert.partialDeepStrictEqual(JSON.parse(checked.stdout), { failure: null });
});

test('a second program on the directory is refused, and the first goes on', async () => {
  await using world = await startWorld();
  const second = await run(CLI_MAIN, [
    'serve',
    '--data-dir',
    world.dataDir,
    '--listen',
    '127.0.0.1:0',
  ]);
  isRefused(second, /is in use by process \d+/);
  isRefused(await world.cli(['db', 'admin-token']), /is in use by process \d+/);
  assert.equal((await world.get('/livez')).status, 200);
});

test('a missing, a wrong and a damaged seal key stop the start and touch nothing', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await world.stopServer();
  const file = join(world.dataDir, 'seal.key');
  const key = readFileSync(file);
  const database = readFileSync(join(world.dataDir, 'waba-health.db'));
  rmSync(file);
  isRefused(await serve(world), /seal\.key is missing/);
  writeFileSync(file, `${'0'.repeat(64)}\n`);
  isRefused(await serve(world), /seal key/);
  writeFileSync(file, 'nonsense');
  isRefused(await serve(world), /damaged/);
  const given = join(world.directory, 'other.key');
  writeFileSync(given, '1'.repeat(64));
  isRefused(await serve(world, '--seal-key-file', given), /seal key/);
  assert.deepEqual(readFileSync(join(world.dataDir, 'waba-health.db')), database);
  writeFileSync(file, key);
  await world.startServer();
  assert.equal((await world.health(ACME.support.key)).status, 200);
});

test('a damaged database stops the start with a sentence', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await world.stopServer();
  const file = join(world.dataDir, 'waba-health.db');
  truncateSync(file, 10_000);
  isRefused(await serve(world), /waba-health\.db/);
  writeFileSync(file, 'this is no database, whatever its name says'.repeat(100));
  isRefused(await serve(world), /waba-health\.db/);
});

test('a directory that cannot be written stops the start with a sentence', async () => {
  await using world = await startWorld({ serve: false });
  const inTheWay = join(world.directory, 'file');
  writeFileSync(inTheWay, '');
  const below = await run(CLI_MAIN, ['serve', '--data-dir', join(inTheWay, 'data')]);
  isRefused(below, /not a directory/);
  isRefused(await run(CLI_MAIN, ['serve', '--data-dir', inTheWay]), /not a directory/);
});

test('every wrong option is told at once, and nothing is made', async () => {
  await using world = await startWorld({ serve: false });
  const wrong = await world.cli(['serve', '--listen', 'here', '--read-timeout', '1y'], {
    env: { WABA_HEALTH_GRAPH_VERSION: 'latest', WABA_HEALTH_DATADIR: '/tmp' },
  });
  assert.equal(wrong.code, 1);
  for (const name of [
    '--listen',
    '--read-timeout',
    'WABA_HEALTH_GRAPH_VERSION',
    'WABA_HEALTH_DATA_DIR',
  ]) {
    assert.ok(wrong.stderr.includes(name), name);
  }
  assert.doesNotMatch(wrong.stderr, /\n {4}at /);
  assert.throws(() => readFileSync(world.dataDir), { code: 'ENOENT' });
});

test('a port that is taken is said, and the directory is free again', async () => {
  await using world = await startWorld();
  const { host } = new URL(world.server().url);
  const other = join(world.directory, 'other');
  const taken = await run(CLI_MAIN, ['serve', '--data-dir', other, '--listen', host]);
  isRefused(taken, /another program listens there/);
});

test('a new administrator token is made while the server is stopped, and ends the old one', async () => {
  await using world = await startWorld();
  const old = world.adminToken();
  await world.stopServer();
  const renewed = await world.cli(['db', 'admin-token']);
  assert.equal(renewed.code, 0, renewed.stderr);
  assert.ok(!renewed.stdout.includes(world.adminToken()));
  await world.startServer();
  assert.equal((await world.get('/api/v1/instance', bearer(old))).status, 401);
  assert.equal((await world.get('/api/v1/instance', bearer(world.adminToken()))).status, 200);
});

function bearer(token: string) {
  return { authorization: `Bearer ${token}` };
}

test('a stop waits for the request under way', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await world.act({ do: 'fault', kind: 'delay', ms: 700, upstream: 'dialog360' });
  const asked = world.health(ACME.support.key, { 'cache-control': 'no-cache' });
  const reads = await world.readsOf('support');
  await waitUntil(async () => (await world.readsOf('support')) > reads);
  const [answer, ended] = await Promise.all([asked, world.stopServer()]);
  assert.equal(answer.status, 200);
  assert.equal(ended.code, 0, ended.stderr);
});

test('a second signal ends the server at once, whatever is under way', async () => {
  await using world = await startWorld({ args: ['--shutdown-timeout', '5m'] });
  await addSupport(world);
  await world.act({ do: 'fault', kind: 'hang', upstream: 'dialog360' });
  const reads = await world.readsOf('support');
  const asked = world.health(ACME.support.key, { 'cache-control': 'no-cache' });
  const cut = assert.rejects(asked, { code: 'ECONNRESET' });
  await waitUntil(async () => (await world.readsOf('support')) > reads);
  const server = world.server();
  let hasEnded = false;
  const ended = server.ended().then((end) => {
    hasEnded = true;
    return end;
  });
  await waitUntil(() => {
    server.kill('SIGTERM');
    return hasEnded;
  });
  assert.equal((await ended).signal, 'SIGTERM');
  await cut;
});

async function addSupport(world: World): Promise<void> {
  const add = ['channels', 'add', 'support', '--dialog360'];
  const added = await world.cli(add, { input: ACME.support.key });
  assert.equal(added.code, 0, added.stderr);
}

/** A start that is expected to be refused. */
async function serve(world: World, ...args: readonly string[]) {
  return world.cli(['serve', '--listen', '127.0.0.1:0', ...args]);
}

function isRefused(ended: { code: number | null; stderr: string }, sentence: RegExp): void {
  assert.equal(ended.code, 1, ended.stderr);
  assert.match(ended.stderr, sentence);
  assert.equal(ended.stderr.trim().split('\n').length, 1, ended.stderr);
}
