/** Databases that are not what they should be: refused with a sentence, and left as they are. */
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { addAcme, addSupport, bodyOf, goodState } from '#test/contracts/store/acme.ts';
import { refuses } from '#test/contracts/store/harness.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { contentsOf, openIn, rowsIn, runSql } from '#test/stores/open-in.ts';

test('a file that is no database is refused and kept', async () => {
  using directory = temporaryDirectory();
  for (const content of ['x', 'a letter to Acme\n'.repeat(1_000), '\0'.repeat(4_096)]) {
    writeFileSync(databaseIn(directory.path), content);
    await refusesUntouched(directory.path, /damaged: it is no SQLite database.*Restore a backup/);
  }
});

test('a truncated database is refused and kept', async () => {
  using directory = await used();
  const { length } = readFileSync(databaseIn(directory.path));
  for (const left of [length - 1, Math.floor(length / 2), 4_096, 101]) {
    truncateSync(databaseIn(directory.path), left);
    await refusesUntouched(directory.path, /damaged: it has \d+ bytes and should have \d+/);
  }
  truncateSync(databaseIn(directory.path), 50);
  await refusesUntouched(directory.path, /damaged/);
  truncateSync(databaseIn(directory.path), 0);
  await refusesUntouched(directory.path, /damaged: it is empty/);
});

test('a database whose header or pages were overwritten is refused and kept', async () => {
  using directory = await used();
  const whole = readFileSync(databaseIn(directory.path));
  const damages = [
    { at: 0, length: 16 },
    { at: 16, length: 84 },
    { at: 100, length: 4_000 },
    { at: 3 * 4_096, length: 4_096 },
    { at: 5 * 4_096, length: 100 },
  ];
  for (const { at, length } of damages) {
    const bytes = Buffer.from(whole);
    bytes.fill(0xaa, at, at + length);
    writeFileSync(databaseIn(directory.path), bytes);
    await refusesUntouched(directory.path, /damaged|cannot be read/);
  }
  writeFileSync(databaseIn(directory.path), whole);
  const store = await openIn(directory.path);
  assert.equal(await store.read((view) => view.channels.count()), 40);
  await store.close();
});

test('the database of another program is refused and kept', async () => {
  using directory = temporaryDirectory();
  runSql(directory.path, 'create table letters (text); insert into letters values (1)');
  await refusesUntouched(directory.path, /is not one of waba-health/);
});

test('a database that needs a newer program is refused and kept', async () => {
  using directory = await used();
  runSql(directory.path, 'update schema_version set version = 99, oldest_program = 98');
  runSql(directory.path, 'alter table credentials rename to access');
  await refusesUntouched(directory.path, /schema 99, which needs a program that knows schema 98/);
});

test('a database of a newer program that still serves this one is used as it is', async () => {
  using directory = await used();
  runSql(directory.path, 'update schema_version set version = 99, oldest_program = 1');
  const store = await openIn(directory.path);
  assert.equal(await store.read((view) => view.channels.count()), 40);
  await store.close();
  const rows = rowsIn(directory.path, 'select version, oldest_program from schema_version');
  assert.deepEqual(rows, [{ version: 99, oldest_program: 1 }]);
});

test('what a crash leaves, a log beside an older database, is no damage', async () => {
  await using store = await openTestStore();
  await addSupport(store);
  using directory = temporaryDirectory();
  for (const file of ['waba-health.db', 'waba-health.db-wal', 'seal.key']) {
    copyFileSync(join(store.dataDir, file), join(directory.path, file));
  }
  const restored = await openIn(directory.path);
  assert.equal(await restored.read((view) => view.channels.count()), 1);
  await restored.close();
});

test('a first start that died at any point is continued by the next', async () => {
  using directory = temporaryDirectory();
  writeFileSync(databaseIn(directory.path), '');
  await (await openIn(directory.path)).close();
  using other = temporaryDirectory();
  runSql(other.path, 'pragma journal_mode = wal; create table schema_version (id, version)');
  runSql(other.path, 'drop table schema_version');
  await (await openIn(other.path)).close();
});

function databaseIn(dataDir: string): string {
  return join(dataDir, 'waba-health.db');
}

/** A directory that was in use: forty channels with bodies. */
async function used() {
  const directory = temporaryDirectory();
  const store = await openIn(directory.path);
  const channels = await addAcme(store, ...Array.from({ length: 40 }, (_, n) => `channel-${n}`));
  await store.change(async (tx) => {
    for (const { id } of channels) {
      const body = bodyOf(`{"health_status":{},"id":"${id}"}`.padEnd(1_500));
      await tx.channels.writeState(id, goodState(1, body), body);
    }
  });
  await store.close();
  return directory;
}

/** Opening is refused so, and not a byte in the directory is different afterwards. */
async function refusesUntouched(dataDir: string, sentence: RegExp): Promise<void> {
  const before = contentsOf(dataDir);
  await refuses(openIn(dataDir), 'cannot_start', sentence);
  assert.deepEqual(contentsOf(dataDir), before);
}
