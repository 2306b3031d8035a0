/** The thread on which SQLite scans: when it starts, what its end costs, and whom it does not hold up. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import { Problem } from '#domain/problem.ts';
import { scannerOver } from '#stores/sqlite/scan-connection.ts';
import { addSupport } from '#test/contracts/store/acme.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import { scannerThatDies } from '#test/stores/children/dying-scanner.ts';

test('a scan runs beside the main thread, which goes on meanwhile', async () => {
  await using store = await openTestStore();
  await using scanner = scannerOver(join(store.dataDir, 'waba-health.db'));
  const { rows } = await sql<{ n: number }>`
    with recursive counting(n) as (select 1 union all select n + 1 from counting where n < 300000)
    select max(n) as n from counting`.execute(scanner);
  assert.deepEqual(rows, [{ n: 300_000 }]);
  const slow = sql`
    with recursive counting(n) as (select 1 union all select n + 1 from counting where n < 3000000)
    select max(n) from counting`.execute(scanner);
  let ended = false;
  void slow.then(() => (ended = true));
  await store.read((view) => view.channels.count());
  assert.equal(ended, false);
  await slow;
});

test('a scan cannot write', async () => {
  await using store = await openTestStore();
  await using scanner = scannerOver(join(store.dataDir, 'waba-health.db'));
  await assert.rejects(
    scanner.insertInto('settings').values({ name: 'instance_id', value: 'x' }).execute(),
    (error: unknown) => error instanceof Problem && error.code === 'store_unavailable',
  );
});

test('a mistake in a statement is told as it is, and the thread goes on', async () => {
  await using store = await openTestStore();
  await using scanner = scannerOver(join(store.dataDir, 'waba-health.db'));
  await assert.rejects(sql`select 1 from nowhere`.execute(scanner), /no such table: nowhere/);
  assert.deepEqual((await sql`select 1 as one`.execute(scanner)).rows, [{ one: 1 }]);
});

test('a thread that dies is an error for whoever waits, and the next scan has a new one', async () => {
  await using store = await openTestStore();
  await addSupport(store);
  const path = join(store.dataDir, 'waba-health.db');
  await using scanner = scannerOver(path, scannerThatDies);
  const count = scanner.selectFrom('channels').select('name');
  const dying = scanner.transaction().execute(async (trx) => {
    await sql`select 'die'`.execute(trx);
  });
  const waiting = count.execute();
  await assert.rejects(dying, (error: unknown) => {
    assert.ok(error instanceof Problem && error.code === 'store_unavailable');
    assert.match(String(error.cause), /killed by a test/);
    return true;
  });
  assert.deepEqual(await waiting, [{ name: 'support' }]);
});

test('a file that is no database is an error for the scan alone', async () => {
  await using store = await openTestStore();
  await using scanner = scannerOver(join(store.dataDir, 'seal.key'));
  await assert.rejects(
    sql`select * from channels`.execute(scanner),
    (error: unknown) => error instanceof Problem && /no SQLite database/.test(error.message),
  );
});

test('a store that was scanned leaves no log behind when it is closed', async () => {
  await using store = await openTestStore();
  await addSupport(store);
  assert.equal(await store.scan((view) => view.channels.count()), 1);
  await store.close();
  assert.deepEqual(
    readdirSync(store.dataDir).filter((file) => /-(wal|shm)$/.test(file)),
    [],
  );
});
