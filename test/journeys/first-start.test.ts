import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { openSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { CLI_MAIN, run } from './child.ts';
import { ACME, UMBRELLA, startWorld } from './world.ts';

test('on a machine that has nothing, one number is watched in two commands', async () => {
  await using world = await startWorld();
  const key = join(world.directory, 'support key');
  writeFileSync(key, `${ACME.support.key}\n`);
  const added = await world.cli(['channels', 'add', 'support', '--dialog360'], {
    inputFd: openSync(key, 'r'),
  });
  assert.equal(added.code, 0, added.stderr);
  assert.match(added.stdout, /^support \(number 106540352242922\) is watched now\.$/m);
  assert.match(added.stdout, /^support: AVAILABLE$/m);
  assert.doesNotMatch(added.stdout + added.stderr, /canary/);

  // The printed curl is run as it stands: it reads the key from where it is.
  const curl = /^ +(curl .*)$/m.exec(added.stdout)?.[1] ?? assert.fail(added.stdout);
  const { stdout } = await promisify(execFile)('sh', ['-c', curl]);
  const said: unknown = JSON.parse(stdout);
  assert.partialDeepStrictEqual(said, { health_status: { can_send_message: 'AVAILABLE' } });
});

test('a start leaves files that only their owner can read, and a stop takes server.json away', async () => {
  await using world = await startWorld();
  for (const file of ['admin.token', 'seal.key', 'server.json', 'waba-health.db']) {
    assert.equal(statSync(join(world.dataDir, file)).mode & 0o077, 0, file);
  }
  assert.equal(statSync(world.dataDir).mode & 0o777, 0o700);
  const { code, stderr } = await world.stopServer();
  assert.equal(code, 0, stderr);
  assert.throws(() => statSync(join(world.dataDir, 'server.json')), { code: 'ENOENT' });
  const listed = await world.cli(['channels', 'list']);
  assert.equal(listed.code, 1);
  assert.match(listed.stderr, /No server runs on .*: start it with "waba-health serve"/);
});

test('a Graph number gets an API key of ours, and a check of it says all there is', async () => {
  await using world = await startWorld();
  const credential = await world.cli(['credentials', 'add', 'acme', '--graph'], {
    input: ACME.token,
  });
  assert.equal(credential.code, 0, credential.stderr);
  const add = ['channels', 'add', 'sales', '--graph', '--node', ACME.sales.id];
  const added = await world.cli([
    ...add,
    '--credential',
    'acme',
    '--label',
    'team=sales',
    '--json',
  ]);
  assert.equal(added.code, 0, added.stderr);
  const { api_key: key }: { api_key: string } = JSON.parse(added.stdout);
  assert.match(key, /^wh_[0-9A-Za-z]{40,}$/);
  assert.equal((await world.health(key)).status, 200);

  await world.act({ do: 'block', node: 'acme-waba', why: 'payment' });
  const checked = await world.cli(['check', 'sales']);
  assert.equal(checked.code, 2);
  assert.match(checked.stdout, /^sales: BLOCKED$/m);
  assert.match(checked.stdout, /WABA 102290129340398, 141006/);
  assert.match(checked.stdout, /Who acts +the owner of the WhatsApp account/);
  assert.match((await world.health(key)).body, /141006/);
  const node = await world.cli(['check', '102290129340398', '--credential', 'acme', '--json']);
  assert.equal(node.code, 2, node.stderr);
});

test('a server elsewhere is reached with its address and a token file', async () => {
  await using world = await startWorld();
  const { url } = world.server();
  const file = join(world.directory, 'token');
  const elsewhere = ['channels', 'list', '--server', url, '--data-dir', world.directory];
  assert.match((await run(CLI_MAIN, elsewhere)).stderr, /administrator's token is not in/);
  writeFileSync(file, `${world.adminToken()}\n`);
  const listed = await run(CLI_MAIN, [...elsewhere, '--token-file', file]);
  assert.equal(listed.code, 0, listed.stderr);
  writeFileSync(file, 'wha_this-is-not-the-token');
  const refused = await run(CLI_MAIN, [...elsewhere, '--token-file', file]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /token/);
  await world.stopServer('SIGKILL');
  const gone = await run(CLI_MAIN, ['channels', 'list', '--data-dir', world.dataDir]);
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /Start it with "waba-health serve"/);
});

test('the exit code of a check is what a monitoring system expects', async () => {
  await using world = await startWorld();
  await world.cli(['channels', 'add', 'orders', '--dialog360'], { input: ACME.orders.key });
  const exitCode = async (...args: string[]) => (await world.cli(['check', ...args])).code;
  assert.equal(await exitCode('orders'), 0);
  await world.act({ do: 'limit', node: 'orders', why: 'display_name' });
  assert.equal(await exitCode('orders'), 1);
  assert.equal(await exitCode('orders', '--can-send'), 0);
  assert.equal(await exitCode('orders', '--wait', 'can-send', '--timeout', '5s'), 0);
  await world.act({ do: 'block', node: 'acme-waba', why: 'payment' });
  assert.equal(await exitCode('orders', '--can-send'), 2);
  assert.equal(await exitCode('orders', '--wait', 'available', '--timeout', '1s'), 2);
  assert.equal(await exitCode('nobody'), 3);
});

test('adding a channel again changes what is said anew and drops nothing', async () => {
  await using world = await startWorld();
  const add = ['channels', 'add', 'support', '--dialog360'];
  const input = ACME.support.key;
  await world.cli([...add, '--label', 'team=care', '--external-id', 'crm-7'], { input });
  const again = await world.cli([...add, '--interval', '5m', '--label', 'tier=1'], { input });
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /^support \(number \d+\) was changed\.$/m);
  const shown = await world.cli(['channels', 'show', 'support', '--json']);
  assert.partialDeepStrictEqual(JSON.parse(shown.stdout), {
    labels: { team: 'care', tier: '1' },
    external_id: 'crm-7',
    check_interval_seconds: 300,
  });
});

test('a rejected key and a sandbox key leave nothing half-done behind', async () => {
  await using world = await startWorld();
  const add = ['channels', 'add', 'support', '--dialog360'];
  const rejected = await world.cli(add, { input: 'a-key-that-360dialog-does-not-know' });
  assert.equal(rejected.code, 1);
  assert.match(rejected.stderr, /reject/i);
  const sandbox = await world.cli(add, { input: '1234567_sandbox' });
  assert.equal(sandbox.code, 1);
  assert.match(sandbox.stderr, /sandbox/);
  const { stdout } = await world.cli(['channels', 'list', '--json']);
  assert.deepEqual(JSON.parse(stdout), { items: [] });
  const credentials = await world.cli(['credentials', 'list', '--json']);
  assert.deepEqual(JSON.parse(credentials.stdout), { items: [] });
  assert.equal((await world.cli(add, { input: ACME.support.key })).code, 0);
});

test('a second key opens its own channel only, and a revoked one opens nothing', async () => {
  await using world = await startWorld();
  await world.cli(['channels', 'add', 'support', '--dialog360'], { input: ACME.support.key });
  await world.cli(['channels', 'add', 'stranger', '--dialog360'], { input: UMBRELLA.key });
  const added = await world.cli(['keys', 'add', 'support', '--json']);
  const issued: { id: string; text: string } = JSON.parse(added.stdout);
  assert.match((await world.health(issued.text)).body, new RegExp(ACME.support.id));
  assert.match((await world.health(UMBRELLA.key)).body, new RegExp(UMBRELLA.id));

  const revoked = await world.cli(['keys', 'revoke', issued.id]);
  assert.equal(revoked.code, 0, revoked.stderr);
  const refused = await world.health(issued.text);
  assert.equal(refused.status, 401);
  assert.equal(refused.body, '{"error":"Invalid API key"}');
  assert.equal((await world.health(ACME.support.key)).status, 200);

  const keys = await world.cli(['keys', 'list', 'support', '--json']);
  const { items }: { items: { id: string; origin: string }[] } = JSON.parse(keys.stdout);
  const adopted = items.find((key) => key.origin === 'adopted');
  assert.equal((await world.cli(['keys', 'revoke', adopted?.id ?? ''])).code, 0);
  assert.equal((await world.health(ACME.support.key)).status, 401);
  const again = await world.cli(['keys', 'add', 'support', '--adopt']);
  assert.equal(again.code, 0, again.stderr);
  assert.equal((await world.health(ACME.support.key)).status, 200);
});
