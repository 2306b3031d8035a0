import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACME, startWorld, waitUntil } from './world.ts';
import type { World } from './world.ts';

test('a server that only watches answers probes, and sends everything else elsewhere', async () => {
  await using world = await startWorld({ args: ['--roles', 'watch'] });
  assert.equal((await world.get('/livez')).status, 200);
  assert.equal((await world.get('/readyz')).status, 200);
  for (const path of ['/health_status', '/api/v1/instance']) {
    const { status, body } = await world.get(path);
    assert.equal(status, 404);
    assert.match(body, /without the role api/);
  }
  const asked = await world.cli(['channels', 'list']);
  assert.match(asked.stderr, /No server runs on/);
  assert.equal((await world.stopServer()).code, 0);
});

test('an unknown role stops the start, and the known ones are named', async () => {
  await using world = await startWorld({ serve: false });
  const refused = await world.cli(['serve', '--roles', 'api,tell']);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /--roles knows api, watch, deliver, not "tell"/);
});

test('metrics come out on an address of their own, or for the token, and not otherwise', async () => {
  await using world = await startWorld({ serve: false });
  await world.startServer(['--metrics-listen', '127.0.0.1:0']);
  const line = await world.server().line(/^Metrics: /);
  const own = await fetch(line.replace('Metrics: ', ''));
  assert.equal(own.status, 200);
  assert.match(
    await own.text(),
    /^waba_health_channels\{upstream="dialog360",status="BLOCKED"\} 0$/m,
  );
  assert.equal((await world.get('/metrics')).status, 401);
});

test('a read under way when the server is asked to stop is written, and made once', async () => {
  await using world = await startWorld({ args: ['--roles', 'api'] });
  await addSupport(world);
  await world.act({ do: 'fault', kind: 'delay', ms: 700, upstream: 'dialog360' });
  const reads = await world.readsOf('support');
  const before = await readAtOf(world);
  const left = new AbortController();
  const asked = fetch(`${world.server().url}/health_status`, {
    headers: { 'd360-api-key': ACME.support.key, 'cache-control': 'no-cache' },
    signal: left.signal,
  }).catch(() => null);
  await waitUntil(async () => (await world.readsOf('support')) > reads);
  // Nobody waits for it any more: that the server still does is the point.
  left.abort();
  await asked;
  const ended = await world.stopServer();
  assert.equal(ended.code, 0, ended.stderr);
  await world.act({ do: 'clear' });
  await world.startServer();
  assert.ok((await readAtOf(world)) > before);
  assert.equal(await world.readsOf('support'), reads + 1);
});

async function addSupport(world: World): Promise<void> {
  const args = ['channels', 'add', 'support', '--dialog360'];
  const added = await world.cli(args, { input: ACME.support.key });
  assert.equal(added.code, 0, added.stderr);
}

async function readAtOf(world: World): Promise<number> {
  const { status, body } = await world.api('GET', '/channels/support/health');
  assert.equal(status, 200);
  const said: { read_at: string } = JSON.parse(body);
  return Date.parse(said.read_at);
}
