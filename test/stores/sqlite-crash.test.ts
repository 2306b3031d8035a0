/** Other processes on the same directory: killed, refused, or migrating at the same moment. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isId } from '#domain/id.ts';
import { migrate, PROGRAM_VERSION } from '#stores/sql/migrations.ts';
import { kyselyOver } from '#stores/sqlite/connection.ts';
import { SQLITE } from '#stores/sqlite/engine.ts';
import { bodyOf, goodState } from '#test/contracts/store/acme.ts';
import { refuses, rowOf } from '#test/contracts/store/harness.ts';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { openIn, rowsIn } from '#test/stores/open-in.ts';

test('a program killed in the middle of writing, ten times over, loses nothing it committed', async () => {
  using directory = temporaryDirectory();
  for (let round = 0; round < 10; round += 1) {
    const committed = await writeAndKill(directory.path, 3 + ((round * 17) % 40));
    const store = await openIn(directory.path);
    assert.equal(await store.read((view) => view.channels.count()), 3);
    for (const [id, attempt] of committed) {
      assert.ok(isId('ch', id));
      const { state } = await rowOf(store, id);
      assert.ok(state.attempt >= attempt, `attempt ${attempt} of ${id} is lost`);
      const body = bodyOf(`{"health_status":{},"id":"${id} ${state.attempt}"}`.padEnd(3_000));
      assert.deepEqual(state, goodState(state.attempt, body));
      assert.deepEqual(await store.read((view) => view.channels.bodyOf(id)), body);
    }
    await store.close();
    assert.deepEqual(rowsIn(directory.path, 'pragma integrity_check'), [{ integrity_check: 'ok' }]);
    assert.deepEqual(rowsIn(directory.path, 'select count(*) as n from bodies'), [{ n: 3 }]);
  }
});

test('another process that has the directory is named, and its death lets others in', async () => {
  using directory = temporaryDirectory();
  const writer = startChild('write-until-killed.ts', directory.path);
  try {
    await once(createInterface(writer.stdout), 'line');
    const named = new RegExp(`in use by process ${writer.pid} `);
    await refuses(openIn(directory.path), 'cannot_start', named);
  } finally {
    await kill(writer);
  }
  await (await openIn(directory.path)).close();
});

test('programs that migrate the same database at once build it once', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'waba-health.db');
  const children = Array.from({ length: 3 }, () => startChild('migrate.ts', path));
  const exits = await Promise.all(children.map((child) => once(child, 'exit')));
  assert.deepEqual(exits, [
    [0, null],
    [0, null],
    [0, null],
  ]);
  const rows = rowsIn(directory.path, 'select version, oldest_program from schema_version');
  assert.deepEqual(rows, [{ version: PROGRAM_VERSION, oldest_program: 3 }]);
});

test('a migration that fails leaves the schema as it was before it', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'waba-health.db');
  const database = new DatabaseSync(path);
  database.exec('create table channels (in_the_way text)');
  const migrating = migrate(kyselyOver(database, 'begin immediate'), SQLITE);
  await assert.rejects(migrating, /table "channels" already exists/);
  database.close();
  const tables = rowsIn(directory.path, "select name from sqlite_schema where type = 'table'");
  assert.deepEqual(tables, [{ name: 'channels' }]);
});

/** Lets a child commit so often and kills it; gives the last attempt it committed by channel. */
async function writeAndKill(dataDir: string, commits: number): Promise<Map<string, number>> {
  const child = startChild('write-until-killed.ts', dataDir);
  const committed = new Map<string, number>();
  let seen = 0;
  for await (const line of createInterface(child.stdout)) {
    const { id, attempt }: { id: string; attempt: number } = JSON.parse(line);
    committed.set(id, attempt);
    seen += 1;
    if (seen === commits) child.kill('SIGKILL');
  }
  await kill(child);
  assert.ok(seen >= commits, `the child ended after ${seen} commits`);
  return committed;
}

function startChild(script: string, argument: string) {
  const path = fileURLToPath(new URL(`children/${script}`, import.meta.url));
  return spawn(process.execPath, [path, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function kill(child: ReturnType<typeof startChild>): Promise<void> {
  const exited = child.exitCode !== null || child.signalCode !== null;
  const exit = exited ? Promise.resolve() : once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
