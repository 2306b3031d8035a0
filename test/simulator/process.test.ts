/** The simulator as a process of its own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

import { argumentsOf } from '#simulator/arguments.ts';
import { ACME_WORLD, ask, at, SUPPORT_KEY } from './acme.ts';

test('it prints one line when it is ready, and ends with whoever started it', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'waba-health-simulator-'));
  t.after(() => rm(directory, { recursive: true }));
  const world = join(directory, 'world.json');
  const scenario = join(directory, 'scenario.json');
  await writeFile(world, JSON.stringify(ACME_WORLD));
  await writeFile(scenario, JSON.stringify([{ do: 'ban', waba: 'acme' }]));
  const child = run('--world', world, `--scenario=${scenario}`, '--until-stdin-ends');
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const { url, graph, dialog360, control } = JSON.parse(line);
  assert.deepEqual(
    [graph, dialog360, control],
    [`${url}/graph`, `${url}/dialog360`, `${url}/control`],
  );
  const health = await ask(`${dialog360}/health_status`, {
    headers: { 'D360-API-KEY': SUPPORT_KEY },
  });
  assert.equal(at(health.json, 'health_status', 'can_send_message'), 'BLOCKED');
  child.stdin.end();
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('it ends by itself when asked to', async () => {
  const child = run('--numbers', '100000', '--no-quotas');
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('all wrong arguments are said at once, and nothing starts', async () => {
  const child = run('--numbers', 'many', '--listen=9', '--wrold', 'x.json', '--seed');
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  assert.equal(code, 2);
  assert.match(said, /--numbers takes a whole number up to 10000000, not "many"/);
  assert.match(said, /--listen takes host:port such as 127\.0\.0\.1:0, not "9"/);
  assert.match(said, /There is no argument "--wrold"; see --help/);
  assert.match(said, /--seed needs a value/);
});

test('a file that is missing, or is no JSON, is named', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'waba-health-simulator-'));
  t.after(() => rm(directory, { recursive: true }));
  const broken = join(directory, 'broken.json');
  await writeFile(broken, '{"numbers":');
  for (const [path, sentence] of [
    [join(directory, 'absent.json'), /Cannot read .*absent\.json/],
    [broken, /broken\.json is not JSON/],
  ] as const) {
    const child = run('--world', path);
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    assert.equal(code, 2);
    assert.match(said, sentence);
  }
});

test('arguments are read in both spellings', () => {
  const given = argumentsOf(['--listen', '[::1]:80', '--tokens=20', '--partner', '--seed', '3']);
  assert.deepEqual(given.listen, { host: '::1', port: 80 });
  assert.deepEqual(given.generate, { tokens: 20, partner: true });
  assert.equal(given.seed, 3);
  assert.equal(argumentsOf(['--help']).help, true);
});

function run(...words: readonly string[]): ReturnType<typeof spawnPiped> {
  return spawnPiped(words);
}

function spawnPiped(words: readonly string[]) {
  return spawn(process.execPath, ['src/simulator/main.ts', ...words], { stdio: 'pipe' });
}
