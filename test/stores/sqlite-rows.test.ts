/** What is written, erased and read at the level of SQLite's rows and pages. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TransitionFilter } from '#ports/history.ts';
import type { SignalFilter } from '#ports/signals.ts';
import type { ChannelFilter } from '#ports/store.ts';
import { listChannels } from '#stores/sql/channel-list.ts';
import { channelsView } from '#stores/sql/channels.ts';
import { historyView } from '#stores/sql/history.ts';
import { eraseTransitionsOf, pruneTransitions } from '#stores/sql/prune.ts';
import { seenNumbersView } from '#stores/sql/seen-numbers.ts';
import { listSignals } from '#stores/sql/signal-list.ts';
import { signalsView } from '#stores/sql/signals.ts';
import { listSteps, listTransitions } from '#stores/sql/transition-list.ts';
import { SQLITE } from '#stores/sqlite/engine.ts';
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
import { holdToIndexes, queriesOf } from '#test/stores/plans.ts';

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
    { messaging: 'BLOCKED' },
    { messaging: 'BLOCKED', archived: true },
    { messaging: 'BLOCKED', labels: { team: 'x' }, credentialId: 'cr_acme' },
  ];
  for (const filter of filters) {
    for (const after of [null, filter.archived === true ? 'sales ch_1' : 'sales']) {
      const queries = await queriesOf((db) => listChannels(db, { after, limit: 50 }, filter));
      assert.equal(queries.length, 1);
      for (const query of queries) holdToIndexes(store.dataDir, query);
    }
  }
});

test('a page of transitions is one range of an index for each kind that is asked for', async () => {
  await using store = await openTestStore();
  const channelId = 'ch_support';
  const ranges = [{}, { from: 1 }, { until: 9 }, { from: 1, until: 9 }];
  const filters: TransitionFilter[] = [
    {},
    { channelId },
    { kinds: ['verdict'] },
    { kinds: ['verdict', 'watch'] },
    { channelId, kinds: ['finding', 'entity'] },
    { channelId, series: 'verdict:messaging' },
  ];
  for (const filter of filters.flatMap((one) => ranges.map((range) => ({ ...one, ...range })))) {
    for (const direction of ['asc', 'desc'] as const) {
      for (const after of [null, '5 tr_1']) {
        const page = { after, limit: 50 };
        const queries = await queriesOf((db) => listTransitions(db, page, { filter, direction }));
        assert.equal(queries.length, Math.max(1, filter.kinds?.length ?? 0));
        for (const query of queries) holdToIndexes(store.dataDir, query);
      }
    }
  }
});

test('a series, its lead, its entities and what pruning looks at are ranges of indexes', async () => {
  await using store = await openTestStore();
  const about = { id: 'ch_support', series: 'verdict:messaging', from: 1, until: 9 } as const;
  const queries = await queriesOf(async (db) => {
    await listSteps(db, { after: null, limit: 50 }, about);
    await listSteps(db, { after: '5 tr_1', limit: 50 }, about);
    await historyView(db).entitiesSeen('ch_support', 5);
    await pruneTransitions(db, SQLITE, { before: 9, after: null, limit: 50 });
    await pruneTransitions(db, SQLITE, { before: 9, after: '5 tr_1', limit: 50 });
    await eraseTransitionsOf({ db, engine: SQLITE }, 'ch_support', 50);
    await channelsView(db, SQLITE).archivedBefore(9, 50);
  });
  assert.equal(queries.length, 8);
  for (const query of queries) holdToIndexes(store.dataDir, query);
});

test('a page of seen numbers is a range of an index', async () => {
  await using store = await openTestStore();
  const queries = await queriesOf(async (db) => {
    const view = seenNumbersView(db);
    for (const after of [null, '106540352242922']) {
      await view.list({ after, limit: 50 });
      await view.list({ after, limit: 50 }, { credentialId: 'cr_acme' });
    }
  });
  assert.equal(queries.length, 4);
  for (const query of queries) holdToIndexes(store.dataDir, query);
});

test('a page of signals is one range of an index for each part of what is asked for', async () => {
  await using store = await openTestStore();
  const channel = { id: 'ch_support', wabaId: '102290129340398' } as const;
  const filters: readonly (readonly [SignalFilter, number])[] = [
    [{}, 1],
    [{ channel: { ...channel, wabaId: null } }, 1],
    [{ channel }, 2],
    [{ channel, field: 'security', isKnown: false }, 2],
    [{ field: 'security' }, 2],
    [{ field: 'security', isKnown: false }, 1],
    [{ isKnown: false }, 1],
  ];
  for (const [filter, ranges] of filters) {
    for (const after of [null, '5 sig_1']) {
      const queries = await queriesOf((db) => listSignals(db, { after, limit: 50 }, filter));
      assert.equal(queries.length, ranges);
      for (const query of queries) holdToIndexes(store.dataDir, query);
    }
  }
  const others = await queriesOf(async (db) => {
    const view = signalsView(db, SQLITE);
    await view.recent({ entity: { type: 'WABA', id: '1' }, since: 5 });
    await view.pending();
  });
  assert.equal(others.length, 2);
  for (const query of others) holdToIndexes(store.dataDir, query);
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
