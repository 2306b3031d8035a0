/** What is written, erased and read at the level of SQLite's rows and pages. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { CompiledQuery } from 'kysely';
import type { ChannelFilter } from '#ports/store.ts';
import { listChannels } from '#stores/sql/channel-list.ts';
import type { Schema } from '#stores/sql/schema.ts';
import {
  addAcme,
  addSupport,
  bodyOf,
  failedState,
  goodState,
  NOON,
} from '#test/contracts/store/acme.ts';
import { rowOf } from '#test/contracts/store/harness.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import { rowsIn, runSql } from '#test/stores/open-in.ts';

const BODY = bodyOf('{"health_status":{},"id":"1"}');

test('a check that found nothing new writes the narrow row alone', async () => {
  await using store = await openTestStore();
  const { id } = await addSupport(store);
  const write = (...[state, body]: [ReturnType<typeof goodState>, Uint8Array | null]) =>
    store.change((tx) => tx.channels.writeState(id, state, body));
  await write(goodState(1, BODY), BODY);
  runSql(
    store.dataDir,
    `create trigger unchanged before update on channel_states
     begin select raise(abort, 'the wide row was written'); end`,
  );
  await write(goodState(2, BODY), BODY);
  assert.deepEqual((await rowOf(store, id)).state, goodState(2, BODY));
  await assert.rejects(write(failedState(3, goodState(2, BODY)), null), /wide row was written/);
  runSql(store.dataDir, 'drop trigger unchanged');
  await write(failedState(3, goodState(2, BODY)), null);
  runSql(
    store.dataDir,
    `create trigger unchanged before update on channel_states
     begin select raise(abort, 'the wide row was written'); end`,
  );
  const failing = failedState(4, failedState(3, goodState(2, BODY)));
  await write(failing, null);
  assert.deepEqual((await rowOf(store, id)).state, failing);
  await assert.rejects(write(goodState(5, BODY), BODY), /wide row was written/);
});

test('a body is stored once, however many channels were told it', async () => {
  await using store = await openTestStore();
  const channels = await addAcme(store, 'support', 'sales', 'orders');
  const bodies = () => rowsIn(store.dataDir, 'select count(*) as n from bodies')[0]?.['n'];
  for (const { id } of channels) {
    await store.change((tx) => tx.channels.writeState(id, goodState(1, BODY), BODY));
  }
  assert.equal(bodies(), 1);
  for (const { id } of channels) {
    assert.equal(bodies(), 1);
    await store.change((tx) => tx.channels.purge(id));
  }
  assert.equal(bodies(), 0);
});

test('what was purged is no longer in the file', async () => {
  await using store = await openTestStore();
  const { id } = await addSupport(store);
  const marker = 'umbrella-was-here';
  const body = bodyOf(`{"health_status":{},"id":"${marker}"}`.padEnd(9_000));
  await store.change((tx) => tx.channels.writeState(id, goodState(1, body), body));
  await store.reopen();
  assert.ok(readFileSync(join(store.dataDir, 'waba-health.db')).includes(marker));
  const reopened = await store.reopen();
  await reopened.change((tx) => tx.channels.purge(id));
  await reopened.close();
  const bytes = readFileSync(join(store.dataDir, 'waba-health.db'));
  assert.ok(!bytes.includes(marker) && !bytes.includes(id));
});

test('a page of any listing is read from an index, neither sorted nor searched for', async () => {
  await using store = await openTestStore();
  const filters: ChannelFilter[] = [
    {},
    { archived: true },
    { credentialId: 'cr_acme' },
    { labels: { team: 'x' } },
    { labels: { team: 'x', tier: '1' } },
    { labels: { team: 'x' }, credentialId: 'cr_acme' },
    { labels: { team: 'x' }, archived: true },
  ];
  for (const filter of filters) {
    for (const after of [null, filter.archived === true ? 'sales ch_1' : 'sales']) {
      const { sql, parameters } = await queryOf({ after, limit: 50 }, filter);
      const bound = parameters.reduce<string>(
        (text, value) =>
          text.replace('?', typeof value === 'number' ? String(value) : `'${String(value)}'`),
        sql,
      );
      const plan = rowsIn(store.dataDir, `explain query plan ${bound}`).map(({ detail }) => detail);
      for (const step of plan) assert.match(String(step), /USING (COVERING )?INDEX/, bound);
    }
  }
});

test('an older claim does not outlive the channel it was for', async () => {
  await using store = await openTestStore();
  const { id } = await addSupport(store);
  await store.change((tx) => tx.channels.claim(id, NOON, 30_000));
  await store.change((tx) => tx.channels.purge(id));
  for (const table of ['channel_attempts', 'channel_states', 'channel_labels', 'api_keys']) {
    assert.deepEqual(rowsIn(store.dataDir, `select * from ${table}`), [], table);
  }
});

/** The query of a page, without running it. */
async function queryOf(
  page: Parameters<typeof listChannels>[1],
  filter: ChannelFilter,
): Promise<CompiledQuery> {
  const queries: CompiledQuery[] = [];
  const planner = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    log: (event) => void queries.push(event.query),
  });
  await listChannels(planner, page, filter);
  assert.ok(queries[0] && queries.length === 1);
  return queries[0];
}
