/** What is written, erased and read at the level of SQLite's rows and pages. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  DummyDriver,
  Kysely,
  NoResultError,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { CompiledQuery } from 'kysely';
import type { TransitionFilter } from '#ports/history.ts';
import type { IncidentFilter, IncidentsView } from '#ports/incidents.ts';
import type { ChannelFilter } from '#ports/store.ts';
import { listChannels } from '#stores/sql/channel-list.ts';
import { channelsView } from '#stores/sql/channels.ts';
import { incidentsView } from '#stores/sql/incidents.ts';
import { historyView } from '#stores/sql/history.ts';
import { eraseTransitionsOf, pruneTransitions } from '#stores/sql/prune.ts';
import type { Schema } from '#stores/sql/schema.ts';
import { seenNumbersView } from '#stores/sql/seen-numbers.ts';
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

test('a page of incidents is a range of an index, whatever it is asked for', async () => {
  await using store = await openTestStore();
  const filters: IncidentFilter[] = [
    {},
    { state: 'open' },
    { state: 'resolved' },
    { causeKind: 'entity' },
    { causeKind: 'entity', state: 'open' },
    { causeKind: 'entity', state: 'resolved' },
    { channelId: 'ch_support' },
    { channelId: 'ch_support', state: 'open', causeKind: 'entity' },
  ];
  for (const after of [null, `inc_${'0'.repeat(26)}`]) {
    const page = { after, limit: 50 };
    const queries = await queriesOf(async (db) => {
      const view = incidentsView(db, SQLITE);
      for (const filter of filters) await view.list(page, filter);
      await view.walkOpen(page, {});
      await view.walkOpen(page, { isGathering: true });
      await view.inhibitedBy('inc_fleet', page);
    });
    assert.equal(queries.length, filters.length + 3);
    for (const query of queries) holdToIndexes(store.dataDir, query);
  }
});

test('what is asked of one incident, cause or channel is a range of an index', async () => {
  await using store = await openTestStore();
  const cause = { kind: 'entity', type: 'WABA', ref: '1' } as const;
  const queries = await queriesOf(async (db) => {
    const view = incidentsView(db, SQLITE);
    for (const [members, events] of [
      [null, null],
      [`5 ch_${'0'.repeat(26)}`, '5'],
    ] as const) {
      await view.membersOf('inc_1', { after: members, limit: 50 });
      await view.eventsOf('inc_1', { after: events, limit: 50 });
    }
    await view.signsIn('inc_1', { after: null, limit: 50 });
    await view.signsIn('inc_1', { after: 'ch_1', limit: 50 });
    await view.signsOf('ch_1');
    await view.openOf(cause, 'messaging');
    await view.find('7');
    const channels = channelsView(db, SQLITE);
    await channels.ofEntity({ type: 'WABA', id: '1' }, { after: 'ch_1', limit: 50 });
  });
  assert.equal(queries.length, 10);
  for (const query of queries) holdToIndexes(store.dataDir, query);
});

test('what is counted over incidents comes from an index made for it', async () => {
  await using store = await openTestStore();
  const cause = { kind: 'entity', type: 'WABA', ref: '1' } as const;
  const counted: readonly [(view: IncidentsView) => Promise<unknown>, RegExp[]][] = [
    [(view) => view.suspicionOf(cause, 'messaging'), [/signs_by_age/]],
    [(view) => view.countsOf('inc_1'), [/incident_members_present/]],
    [(view) => view.lastRecoveryOf('inc_1'), [/incident_members_recovered/]],
    [(view) => view.newestReadOf('inc_1'), [/incident_members_present/]],
    [(view) => view.earlierOf('141006'), [/incidents_by_code/]],
    [(view) => view.opensOf(cause, 'messaging', 5), [/incidents_by_key/]],
    [(view) => view.openCounts(), [/incidents_unresolved_by_severity/]],
    [(view) => view.newCausesOf('graph', 5), [/incidents_new/, /signs_new.*key>/s]],
  ];
  for (const [count, indexes] of counted) {
    const queries = await queriesOf((db) => unanswered(count(incidentsView(db, SQLITE))));
    assert.equal(queries.length, indexes.length);
    for (const [at, query] of queries.entries()) {
      const plan = planOf(store.dataDir, query).join('\n');
      assert.match(plan, indexes[at] ?? /nothing/);
      assert.doesNotMatch(plan, /SCAN (signs|incident_members|channel_attempts)|TEMP B-TREE/);
    }
  }
});

/** A planner answers nothing, not even a count. */
async function unanswered(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof NoResultError)) throw error;
  });
}

/** Every step of the query's plan is a search of an index, and nothing is sorted. */
function holdToIndexes(dataDir: string, query: CompiledQuery): void {
  for (const step of planOf(dataDir, query)) {
    const about = `${query.sql}: ${step}`;
    assert.match(step, /USING (COVERING )?INDEX|^CORRELATED SCALAR SUBQUERY/, about);
    assert.doesNotMatch(step, /TEMP B-TREE/, about);
  }
}

function planOf(dataDir: string, { sql, parameters }: CompiledQuery): readonly string[] {
  const bound = parameters.reduce<string>(
    (text, value) =>
      text.replace('?', typeof value === 'number' ? String(value) : `'${String(value)}'`),
    sql,
  );
  return rowsIn(dataDir, `explain query plan ${bound}`).map(({ detail }) => String(detail));
}

test('an older claim does not outlive the channel it was for', async () => {
  await using store = await openTestStore();
  const { id } = await addSupport(store);
  await store.change((tx) => tx.channels.claim(id, NOON, 30_000));
  await store.change((tx) => tx.channels.purge(id));
  for (const table of ['channel_attempts', 'channel_states', 'channel_labels', 'api_keys']) {
    assert.deepEqual(rowsIn(store.dataDir, `select * from ${table}`), [], table);
  }
});

/** The queries of some work, without running them. */
async function queriesOf(work: (db: Kysely<Schema>) => Promise<unknown>): Promise<CompiledQuery[]> {
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
  await work(planner);
  return queries;
}
