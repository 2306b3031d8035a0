import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ACME, startWorld } from './world.ts';
import type { World } from './world.ts';

test('a backup made while running brings everything back after the database is lost', async () => {
  await using world = await startWorld();
  await addSupport(world);
  const before = await world.health(ACME.support.key);
  const made = await world.cli(['db', 'backup', '--json']);
  assert.equal(made.code, 0, made.stderr);
  const { path }: { path: string } = JSON.parse(made.stdout);
  const running = await world.cli(['db', 'status']);
  assert.match(running.stdout, /1 channels.*\n.*A server runs on it\./);
  isRefused(await world.cli(['db', 'restore', path]), /is in use by process/);
  await world.stopServer('SIGKILL');
  for (const file of readdirSync(world.dataDir).filter((name) =>
    name.startsWith('waba-health.db'),
  )) {
    rmSync(join(world.dataDir, file));
  }
  const restored = await world.cli(['db', 'restore', path]);
  assert.equal(restored.code, 0, restored.stderr);
  const stopped = await world.cli(['db', 'status', '--json']);
  const facts: { server_running: boolean; rows: { channels: number } } = JSON.parse(stopped.stdout);
  assert.equal(facts.server_running, false);
  assert.equal(facts.rows.channels, 1);
  await world.startServer();
  const after = await world.health(ACME.support.key);
  assert.equal(after.status, 200);
  assert.equal(after.body, before.body);
  assert.equal((await world.cli(['check', 'support'])).code, 0);
});

test('a backup that is refused leaves the database and its answers as they were', async () => {
  await using world = await startWorld();
  await addSupport(world);
  await world.stopServer();
  const database = join(world.dataDir, 'waba-health.db');
  const bytes = readFileSync(database);
  const wrong = join(world.directory, 'wrong.db');
  writeFileSync(wrong, 'no database'.repeat(1_000));
  isRefused(await world.cli(['db', 'restore', wrong]), /no SQLite database/);
  isRefused(await world.cli(['db', 'restore', join(world.directory, 'none.db')]), /does not exist/);
  assert.deepEqual(readFileSync(database), bytes);
  assert.ok(!existsSync(`${database}.restoring`));
  await world.startServer();
  assert.equal((await world.health(ACME.support.key)).status, 200);
});

function isRefused(
  { code, stderr }: { readonly code: number | null; readonly stderr: string },
  why: RegExp,
): void {
  assert.equal(code, 1, stderr);
  assert.match(stderr, why);
  assert.doesNotMatch(stderr, /\n {4}at /);
}

async function addSupport(world: World): Promise<void> {
  const args = ['channels', 'add', 'support', '--dialog360'];
  const added = await world.cli(args, { input: ACME.support.key });
  assert.equal(added.code, 0, added.stderr);
}
