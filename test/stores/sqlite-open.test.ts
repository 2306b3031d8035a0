/** Opening the embedded store: its directory, its lock, what it leaves behind. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { directoryProblem } from '#stores/sqlite/data-directory.ts';
import { addSupport, bodyOf, goodState, NOON } from '#test/contracts/store/acme.ts';
import { refuses, rowOf } from '#test/contracts/store/harness.ts';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { contentsOf, openIn } from '#test/stores/open-in.ts';

test('a first start makes the directory and its files for this user alone', async () => {
  using parent = temporaryDirectory();
  const dataDir = join(parent.path, 'state', 'waba-health');
  const store = await openIn(dataDir);
  await addSupport(store);
  assert.equal(modeOf(dataDir), 0o700);
  for (const file of readdirSync(dataDir)) {
    if (!file.startsWith('lock.db')) assert.equal(modeOf(join(dataDir, file)), 0o600, file);
  }
  await store.close();
});

test('a directory may have any name', async () => {
  using directory = temporaryDirectory();
  const dataDir = join(directory.path, "Büro #1? 100%25 'x' & co;");
  const first = await openIn(dataDir);
  await addSupport(first);
  await first.close();
  const second = await openIn(dataDir);
  assert.equal(await second.read((view) => view.channels.count()), 1);
  await second.close();
  assert.deepEqual(readdirSync(directory.path), ["Büro #1? 100%25 'x' & co;"]);
});

test('closing copies the log into the database and leaves no other file', async () => {
  using directory = temporaryDirectory();
  const store = await openIn(directory.path);
  await addSupport(store);
  assert.ok(existsSync(join(directory.path, 'waba-health.db-wal')));
  await store.close();
  assert.deepEqual(Object.keys(contentsOf(directory.path)), ['seal.key', 'waba-health.db']);
});

test('the installation keeps its id over restarts', async () => {
  using directory = temporaryDirectory();
  const first = await openIn(directory.path);
  assert.match(first.instanceId, /^inst_[0-9a-z]{26}$/);
  await first.close();
  const second = await openIn(directory.path);
  assert.equal(second.instanceId, first.instanceId);
  await second.close();
});

test('a start with nothing to do changes nothing', async () => {
  using directory = temporaryDirectory();
  const store = await openIn(directory.path);
  await addSupport(store);
  await store.close();
  const before = contentsOf(directory.path);
  await (await openIn(directory.path)).close();
  assert.deepEqual(contentsOf(directory.path), before);
});

test('a second program is refused and told which process has the directory', async () => {
  using directory = temporaryDirectory();
  const first = await openIn(directory.path);
  const sentence = new RegExp(`in use by process ${process.pid} \\(since 2026-03-01T00:00:00`);
  await refuses(openIn(directory.path), 'cannot_start', sentence);
  await refuses(openIn(directory.path), 'cannot_start', sentence);
  await addSupport(first);
  await first.close();
  const second = await openIn(directory.path);
  assert.equal(await second.read((view) => view.channels.count()), 1);
  await second.close();
});

test('of many who start at once, one gets the directory', async () => {
  using directory = temporaryDirectory();
  const starts = await Promise.allSettled(Array.from({ length: 5 }, () => openIn(directory.path)));
  const opened = starts.filter((start) => start.status === 'fulfilled');
  assert.equal(opened.length, 1);
  await opened[0]?.value.close();
});

test('a lock file that is damaged is named, so that it can be removed', async () => {
  using directory = temporaryDirectory();
  writeFileSync(join(directory.path, 'lock.db'), 'x'.repeat(5_000));
  await refuses(openIn(directory.path), 'cannot_start', /lock\.db cannot be used.*remove it/);
});

test('leases end with the program that held them', async () => {
  using directory = temporaryDirectory();
  const first = await openIn(directory.path);
  const { id } = await addSupport(first);
  const body = bodyOf('{}');
  await first.change((tx) => tx.channels.writeState(id, goodState(1, body), body));
  await first.change((tx) => tx.channels.claim(id, NOON, 30_000));
  await first.close();
  const second = await openIn(directory.path);
  const claim = await second.change((tx) => tx.channels.claim(id, NOON, 30_000));
  assert.equal(claim?.attempt, 3);
  assert.equal((await rowOf(second, id)).state.attempt, 1);
  await second.close();
});

test('a directory that is none, or lies below none, is refused with its sentence', async () => {
  using directory = temporaryDirectory();
  const file = join(directory.path, 'file');
  writeFileSync(file, 'a file');
  await refuses(openIn(file), 'cannot_start', /file is not a directory/);
  await refuses(openIn(join(file, 'below')), 'cannot_start', /below something that is not a dir/);
  await refuses(openIn(join(directory.path, 'x'.repeat(300))), 'cannot_start', /too long a name/);
  assert.deepEqual(readdirSync(directory.path), ['file']);
});

test('a directory that cannot be written is refused with its sentence', async () => {
  using directory = temporaryDirectory();
  const dataDir = join(directory.path, 'data');
  mkdirSync(dataDir);
  chmodSync(directory.path, 0o755);
  chmodSync(dataDir, 0o555);
  using _ = asOrdinaryUser();
  await refuses(openIn(dataDir), 'cannot_start', /data is not writable for this user/);
  await refuses(openIn(join(dataDir, 'below')), 'cannot_start', /below is not writable/);
});

test('a database that cannot be written is refused with its sentence', async () => {
  using directory = temporaryDirectory();
  await (await openIn(directory.path)).close();
  chmodSync(join(directory.path, 'waba-health.db'), 0o444);
  chmodSync(directory.path, 0o777);
  for (const file of readdirSync(directory.path)) {
    if (file !== 'waba-health.db') chmodSync(join(directory.path, file), 0o666);
  }
  using _ = asOrdinaryUser();
  await refuses(openIn(directory.path), 'cannot_start', /waba-health\.db cannot be opened/);
});

test('each reason why a directory cannot be used has its sentence', () => {
  assert.match(sentenceOf('ENOSPC'), /\/data lies on a full disk/);
  assert.match(sentenceOf('EROFS'), /read-only/);
  assert.match(sentenceOf('EDQUOT'), /quota/);
  assert.match(sentenceOf('EMFILE'), /cannot be used \(EMFILE\)/);
});

function sentenceOf(code: string): string {
  return directoryProblem('/data', Object.assign(new Error(code), { code })).message;
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

/** Root may write everywhere; until disposed, this process is somebody else. */
function asOrdinaryUser(): Disposable {
  if (process.geteuid?.() !== 0) return { [Symbol.dispose]: () => undefined };
  process.seteuid?.(65_534);
  return { [Symbol.dispose]: () => process.seteuid?.(0) };
}
