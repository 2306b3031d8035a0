/** How SQLite reads the outbox and silences: by indexes alone, however much there is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeliveryFilter } from '#ports/outbox.ts';
import { claimDue } from '#stores/sql/claim-deliveries.ts';
import { pruneDeliveries } from '#stores/sql/erase-deliveries.ts';
import { outboxChange, outboxView } from '#stores/sql/outbox.ts';
import { silencesView } from '#stores/sql/silences.ts';
import { SQLITE } from '#stores/sqlite/engine.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import { holdToIndexes, planOf, queriesOf } from '#test/stores/plans.ts';

test('a page of deliveries is one range of an index for each state that is asked for', async () => {
  await using store = await openTestStore();
  const [incidentId, receiverId] = ['inc_1', 'rcv_1'] as const;
  const filters: [DeliveryFilter, number][] = [
    [{}, 1],
    [{ incidentId }, 1],
    [{ incidentId, receiverId, states: ['dead', 'pending'] }, 1],
    [{ receiverId }, 6],
    [{ receiverId, states: ['dead', 'withheld'] }, 2],
    [{ states: ['pending', 'dead'] }, 2],
  ];
  for (const [filter, count] of filters) {
    for (const after of [null, 'dl_1']) {
      const queries = await queriesOf((db) => outboxView(db).list({ after, limit: 50 }, filter));
      assert.equal(queries.length, count);
      for (const query of queries) holdToIndexes(store.dataDir, query);
    }
  }
});

test('what is told of an incident, taken since, due, released and erased are ranges of indexes', async () => {
  await using store = await openTestStore();
  const queries = await queriesOf(async (db) => {
    const view = outboxView(db);
    await view.about('inc_1', 'rcv_1');
    await view.attemptsOf('dl_1');
    await outboxChange(db, SQLITE).dueOf('rcv_1', { now: 5, limit: 50 });
    await outboxChange(db, SQLITE).dueOf('rcv_1', { now: 5, limit: 50, group: 'night' });
    await pruneDeliveries(db, SQLITE, { before: 5, limit: 50 });
  });
  assert.equal(queries.length, 5);
  for (const query of queries) holdToIndexes(store.dataDir, query);
  const counts = await queriesOf((db) => outboxView(db).deliveredSince('rcv_1', 5), [{ count: 0 }]);
  for (const query of counts) holdToIndexes(store.dataDir, query);
});

test('a claim walks only what is due for receivers that may be sent to', async () => {
  await using store = await openTestStore();
  const about = { now: 5, limit: 50, leaseMs: 30_000 };
  const row = { id: 'rcv_1', leased: 0, next_at: 1, labels: null };
  const queries = await queriesOf((db) => claimDue(db, SQLITE, about), [row]);
  assert.equal(queries.length, 3);
  const steps = queries.flatMap((query) => planOf(store.dataDir, query));
  const reads = steps.filter((step) => /^(SCAN|SEARCH) (deliveries|due|other)\b/.test(step));
  const indexes = reads.map((step) => /INDEX (\w+)/.exec(step)?.[1]);
  assert.deepEqual(
    new Set(indexes),
    new Set([
      'deliveries_due',
      'deliveries_leased',
      'deliveries_waiting',
      'sqlite_autoindex_deliveries_1',
    ]),
    steps.join('\n'),
  );
  assert.equal(reads.length, 5);
});

test('a page of silences, those in force, those over and planned work are ranges of indexes', async () => {
  await using store = await openTestStore();
  const queries = await queriesOf(async (db) => {
    const view = silencesView(db);
    for (const after of [null, 'sil_1']) {
      await view.list({ after, limit: 50 }, {});
      await view.list({ after, limit: 50 }, { isInForceAt: 5 });
    }
    await view.inForce(5);
    await view.over(5);
    await view.plannedWork({ from: 1, until: 9 });
  });
  assert.equal(queries.length, 7);
  for (const query of queries) holdToIndexes(store.dataDir, query);
});
