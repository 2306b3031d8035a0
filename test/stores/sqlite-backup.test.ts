import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test from 'node:test';
import { Problem } from '#domain/problem.ts';
import type { Store } from '#ports/store.ts';
import { factsWhileStopped } from '#stores/sqlite/maintenance.ts';
import { restoreDatabase } from '#stores/sqlite/restore.ts';
import { addSupport } from '#test/contracts/store/acme.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { contentsOf, openIn, runSql } from './open-in.ts';

test('a copy made under writes is one state, whole, and readable by its owner only', async () => {
  using directory = temporaryDirectory();
  const store = await openIn(directory.path);
  await addSupport(store);
  grow(directory.path);
  const writing = { isOver: false, written: 0 };
  const writer = writePairs(store, writing);
  const made = await store.maintenance.backup(null);
  const during = writing.written;
  writing.isOver = true;
  await writer;
  await store.close();
  assert.ok(during > 1, 'writers were not held up');
  assert.match(made.path, /backups\/waba-health-2026-03-01T00-00-00Z\.db$/);
  assert.equal(statSync(made.path).mode & 0o777, 0o600);
  assert.equal(statSync(made.path).size, made.bytes);
  assert.equal(made.rows.channels, 1);
  assert.equal(readdirSync(join(directory.path, 'backups')).length, 1);
  const [one, other, ...more] = pairIn(made.path);
  assert.equal(one, other, 'both writes of a transaction are in it, or none');
  assert.deepEqual(more, []);
});

test('a backup replaces nothing, and goes only where the server may write', async () => {
  using directory = temporaryDirectory();
  const store = await openIn(directory.path);
  const taken = join(directory.path, 'taken.db');
  writeFileSync(taken, 'precious');
  const refusals: Record<string, RegExp> = {
    [taken]: /exists already/,
    'relative.db': /absolute path/,
    [join(directory.path, 'nowhere', 'x.db')]: /cannot be written .*ENOENT/,
  };
  for (const [to, why] of Object.entries(refusals)) {
    await assert.rejects(store.maintenance.backup(to), (error) => {
      assert.ok(error instanceof Problem && error.code === 'invalid_request');
      assert.match(error.message, why);
      return true;
    });
  }
  await store.close();
  assert.equal(readFileSync(taken, 'utf8'), 'precious');
});

test('one copy at a time: a second wish is refused with a sentence', async () => {
  using directory = temporaryDirectory();
  const store = await openIn(directory.path);
  const first = store.maintenance.backup(join(directory.path, 'one.db'));
  await assert.rejects(store.maintenance.backup(null), { code: 'conflict' });
  await first;
  await store.maintenance.backup(join(directory.path, 'two.db'));
  await store.close();
});

test('a store that closes ends the copy, and no half of one stays', async () => {
  using directory = temporaryDirectory();
  const store = await openIn(directory.path);
  grow(directory.path);
  const to = join(directory.path, 'half.db');
  const copy = assert.rejects(store.maintenance.backup(to), /the server is stopping/);
  await store.close();
  await copy;
  assert.ok(!existsSync(to) && !existsSync(`${to}.partial`));
});

test('what is restored is what was backed up, and the database before it is kept', async () => {
  using directory = temporaryDirectory();
  const { backup, dataDir } = await backedUp(directory.path);
  await changeName(dataDir, 'later');
  const { keptAs } = await restore(dataDir, backup);
  assert.match(keptAs ?? '', /waba-health\.db\.before-restore-2026-03-01T00-00-00Z$/);
  assert.deepEqual(await namesIn(dataDir), ['support']);
  // The old one is whole: it can be put back in the same way.
  await restore(dataDir, keptAs ?? '', createFakeClock(Date.UTC(2026, 2, 2)));
  assert.deepEqual(await namesIn(dataDir), ['later']);
});

test('the log of a server that was killed is neither lost nor replayed into the backup', async () => {
  using directory = temporaryDirectory();
  const { backup, dataDir } = await backedUp(directory.path);
  const killed = new DatabaseSync(join(dataDir, 'waba-health.db'));
  killed.exec("update channels set name = 'in-the-log'");
  const log = join(dataDir, 'waba-health.db-wal');
  const bytes = readFileSync(log);
  killed.close();
  writeFileSync(log, bytes);
  const { keptAs } = await restore(dataDir, backup);
  assert.deepEqual(await namesIn(dataDir), ['support']);
  assert.ok(keptAs !== null && statSync(keptAs).size > 0);
});

test('a backup that is not what it should be is refused, and nothing is touched', async () => {
  using directory = temporaryDirectory();
  using elsewhere = temporaryDirectory();
  const { backup, dataDir } = await backedUp(directory.path);
  const spoilt: Record<string, (file: string) => void> = {
    'is damaged': (file) => truncateSync(file, statSync(file).size - 4_096),
    'no SQLite database': (file) => writeFileSync(file, 'no database'.repeat(1_000)),
    'it is empty': (file) => truncateSync(file, 0),
    'does not exist': (file) => rmSync(file),
    'a newer waba-health': (file) => execIn(file, 'update schema_version set oldest_program = 99'),
    'not one of waba-health': (file) => execIn(file, 'drop table schema_version'),
    'write-ahead log lies beside': (file) => writeFileSync(`${file}-wal`, 'frames'),
    'SQLite finds': (file) => spoilPage(file),
  };
  const before = contentsOf(dataDir);
  for (const [why, spoil] of Object.entries(spoilt)) {
    const file = join(elsewhere.path, `${why.replaceAll(' ', '-')}.db`);
    copyFileSync(backup, file);
    spoil(file);
    await assert.rejects(restore(dataDir, file), (error) => {
      assert.ok(error instanceof Problem && error.code === 'cannot_start', why);
      assert.ok(error.message.includes(why), `${why}: ${error.message}`);
      assert.ok(!error.message.includes('restoring'), error.message);
      return true;
    });
    assert.deepEqual(contentsOf(dataDir), before, why);
  }
});

test('a backup whose secrets the seal key does not open is refused', async () => {
  using directory = temporaryDirectory();
  using other = temporaryDirectory();
  const { backup } = await backedUp(directory.path);
  const theirs = await openIn(other.path, { sealKey: Buffer.alloc(32, 7) });
  await theirs.close();
  const options = optionsFor(other.path);
  const wrong = { ...options, sealKey: Buffer.alloc(32, 7) };
  await assert.rejects(restoreDatabase(wrong, backup), /seal key is not the one/);
  await assert.rejects(restoreDatabase(options, backup), /seal\.key is missing/);
});

test('nothing is restored under a store that is open', async () => {
  using directory = temporaryDirectory();
  const { backup, dataDir } = await backedUp(directory.path);
  const store = await openIn(dataDir);
  await assert.rejects(restore(dataDir, backup), /is in use by process/);
  await assert.rejects(factsWhileStopped(dataDir, createFakeClock()), /is in use/);
  await store.close();
});

test('a store tells the same facts open and closed', async () => {
  using directory = temporaryDirectory();
  const store = await openIn(directory.path);
  await addSupport(store);
  const open = await store.maintenance.facts();
  await store.close();
  const before = contentsOf(directory.path);
  const closed = await factsWhileStopped(directory.path, createFakeClock());
  assert.deepEqual(contentsOf(directory.path), before);
  assert.deepEqual({ ...closed, bytes: 0 }, { ...open, bytes: 0 });
  assert.equal(open.rows.channels, 1);
  assert.equal(closed.bytes, statSync(closed.location).size);
  await assert.rejects(factsWhileStopped(join(directory.path, 'none'), createFakeClock()), {
    code: 'not_found',
  });
});

/** A data directory with *support*, its store closed, and a backup of it elsewhere. */
async function backedUp(directory: string) {
  const dataDir = join(directory, 'data');
  const store = await openIn(dataDir);
  await addSupport(store);
  const { path: backup } = await store.maintenance.backup(join(directory, 'backup.db'));
  await store.close();
  return { backup, dataDir };
}

function optionsFor(dataDir: string, clock = createFakeClock()) {
  return { dataDir, sealKey: null, clock, randomness: createFakeRandomness() };
}

function restore(dataDir: string, file: string, clock = createFakeClock()) {
  return restoreDatabase(optionsFor(dataDir, clock), file);
}

async function changeName(dataDir: string, name: string): Promise<void> {
  runSql(dataDir, `update channels set name = '${name}'`);
}

async function namesIn(dataDir: string): Promise<readonly string[]> {
  const store = await openIn(dataDir);
  const { items } = await store.read((view) => view.channels.list({ after: null, limit: 9 }));
  await store.close();
  return items.map(({ channel }) => channel.name);
}

/** Enough pages for many steps of a copy. */
function grow(dataDir: string): void {
  runSql(
    dataDir,
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < 150)
     insert into bodies (hash, bytes) select hex(randomblob(32)), randomblob(200000) from n`,
  );
}

/** Writes the same number twice in each transaction, until it is over. */
async function writePairs(store: Store, state: { isOver: boolean; written: number }) {
  while (!state.isOver) {
    await store.change(async (tx) => {
      await tx.budgets.learn('one', { perHour: state.written });
      await tx.budgets.learn('other', { perHour: state.written });
    });
    state.written += 1;
    await new Promise(setImmediate);
  }
}

function pairIn(path: string): readonly unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare('select per_hour from budgets order by bucket').all();
    return rows.map((row) => row['per_hour']);
  } finally {
    database.close();
  }
}

function execIn(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(`pragma journal_mode = delete; pragma foreign_keys = off; ${sql}`);
  database.close();
}

/** Overwrites a page of a table with bytes that are no page. */
function spoilPage(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0xff, 4_096 * 3, 4_096 * 4);
  writeFileSync(file, bytes);
}
