import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { CLI_MAIN, run, startProcess } from './child.ts';
import { call } from './world.ts';

test('the demo shows a number in every state, says who acts, and leaves nothing behind', async () => {
  using directory = temporaryDirectory();
  const env = { TMPDIR: directory.path };
  const demo = await run(CLI_MAIN, ['demo', '--once'], { env });
  assert.equal(demo.code, 0, demo.stderr);
  assert.equal(demo.stderr, '');
  for (const row of [
    /^support .* AVAILABLE +AVAILABLE .*all is well$/m,
    /^sales .* LIMITED .* account owner /m,
    /^hotline .* BLOCKED .*141000\)$/m,
    /^orders .* BLOCKED .*141006\)$/m,
    /^promo .* BLOCKED .*141014\)$/m,
    /^care .* LIMITED .*141010\)$/m,
    /^callback .* AVAILABLE +BLOCKED .*138024\)$/m,
    /^returns .* UNKNOWN .*credential_rejected\)$/m,
  ]) {
    assert.match(demo.stdout, row);
  }
  assert.deepEqual(readdirSync(directory.path), []);
});

test('the curl that the demo prints gets the answer, until a signal ends everything cleanly', async () => {
  using directory = temporaryDirectory();
  await using demo = startProcess(CLI_MAIN, ['demo'], { env: { TMPDIR: directory.path } });
  const line = await demo.line(/^curl /);
  assert.match(
    line,
    /^curl -s -H "D360-API-KEY: wh_\w+" http:\/\/127\.0\.0\.1:\d+\/health_status$/,
  );
  const { stdout } = await promisify(execFile)('sh', ['-c', line]);
  assert.partialDeepStrictEqual(JSON.parse(stdout), {
    health_status: { can_send_message: 'AVAILABLE' },
  });
  demo.kill('SIGINT');
  const ended = await demo.ended();
  assert.equal(ended.code, 0, ended.stderr);
  assert.equal(ended.stderr, '');
  assert.deepEqual(readdirSync(directory.path), []);
  const url = /http:\S+/.exec(line)?.[0] ?? '';
  await assert.rejects(call(url, { method: 'GET' }), { code: 'ECONNREFUSED' });
});

test('the simulator is a command too, and ends with a signal', async () => {
  await using simulator = startProcess(CLI_MAIN, ['simulate', '--numbers', '3']);
  const ready: unknown = JSON.parse(await simulator.line(/^\{/));
  assert.ok(typeof ready === 'object' && ready !== null && 'dialog360' in ready);
  const headers = { 'd360-api-key': 'simkey-0000000000000000' };
  const url = `${String(ready.dialog360)}/health_status`;
  assert.equal((await call(url, { method: 'GET', headers })).status, 200);
  simulator.kill('SIGTERM');
  assert.equal((await simulator.ended()).code, 0);
  await assert.rejects(call(url, { method: 'GET' }), { code: 'ECONNREFUSED' });
});

test('a wrong argument of the simulator is a sentence and an exit code', async () => {
  const ended = await run(CLI_MAIN, ['simulate', '--numbrs', '3']);
  assert.equal(ended.code, 2);
  assert.match(ended.stderr, /numbrs/);
});

test('where its port is taken, the demo takes another one and says so', async () => {
  using directory = temporaryDirectory();
  const other = createServer();
  other.on('error', () => {}); // somebody else has the port: as good as we
  other.listen(8360, '127.0.0.1');
  const demo = await run(CLI_MAIN, ['demo', '--once'], { env: { TMPDIR: directory.path } });
  other.close();
  assert.equal(demo.code, 0, demo.stderr);
  assert.match(demo.stdout, /^Port 8360 is taken, so the server listens on another one\.$/m);
  assert.doesNotMatch(demo.stdout, /:8360\//);
});
