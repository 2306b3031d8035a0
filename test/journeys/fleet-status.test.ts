import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLI_MAIN, startProcess } from './child.ts';
import { ACME, startWorld } from './world.ts';
import type { World } from './world.ts';

test('status says in its exit code how the fleet is, and that a server is not there', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const well = await world.cli(['status']);
  assert.equal(well.code, 0, well.stderr);
  assert.match(well.stdout, /^1 channel /);
  await world.act({ do: 'block', node: 'acme-waba', why: 'payment' });
  await world.cli(['check', 'support']);
  const blocked = await statusWhen(world, 2);
  assert.match(blocked, /BLOCKED +\S+ +1 +support/);
  await world.stopServer();
  const gone = await world.cli(['status']);
  assert.equal(gone.code, 3);
  assert.match(gone.stderr, /No server runs/);
});

test('a watch in a pipe tells lines, and a signal ends it well', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const args = ['watch', '--every', '1s', '--data-dir', world.dataDir];
  await using watch = startProcess(CLI_MAIN, args);
  await watch.line(/AVAILABLE 1, LIMITED 0, BLOCKED 0/);
  watch.kill('SIGTERM');
  const ended = await watch.ended();
  assert.equal(ended.code, 0, ended.stderr);
  assert.equal(ended.stdout.includes('\u001b'), false);
});

/** The screen, once the count that may be a second old has this exit code. */
async function statusWhen(world: World, code: number): Promise<string> {
  for (let tries = 0; tries < 20; tries += 1) {
    const said = await world.cli(['status']);
    if (said.code === code) return said.stdout;
  }
  throw new Error(`status never ended with ${code}`);
}

async function addSupport(world: World): Promise<void> {
  const args = ['channels', 'add', 'support', '--dialog360'];
  const added = await world.cli(args, { input: ACME.support.key });
  assert.equal(added.code, 0, added.stderr);
}
