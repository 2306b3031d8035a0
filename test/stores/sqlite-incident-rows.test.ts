/** How SQLite finds incidents, signs and members. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IncidentFilter, IncidentsView } from '#ports/incidents.ts';
import { channelsView } from '#stores/sql/channels.ts';
import { incidentsChange, incidentsView } from '#stores/sql/incidents.ts';
import { SQLITE } from '#stores/sqlite/engine.ts';
import { aDraft } from '#test/contracts/store/an-incident.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import { holdToIndexes, planOf, queriesOf } from '#test/stores/plans.ts';

/** What a planner answers, so that whatever follows from an answer is planned too. */
const KEY = '["entity","WABA","1","messaging"]';
const ANSWER = [{ key: KEY, severity: 'error', channel_id: 'ch_1', id: 'inc_1', codes: '[]' }];

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
    [(view) => view.suspicionOf(cause, 'messaging', 'BLOCKED'), [/signs_by_age/]],
    [(view) => view.countsOf('inc_1'), [/incident_members_present/]],
    [(view) => view.lastRecoveryOf('inc_1'), [/incident_members_recovered/]],
    [(view) => view.newestReadOf('inc_1'), [/incident_members_present/]],
    [(view) => view.earlierOf('141006'), [/incidents_by_code/]],
    [(view) => view.opensOf(cause, 'messaging', 5), [/incidents_by_key/]],
    [(view) => view.openCounts(), [/incidents_unresolved_by_severity/]],
    [(view) => view.newCausesOf('graph', 5), [/incidents_new/, /signs_new.*key>/s]],
  ];
  for (const [count, indexes] of counted) {
    const queries = await queriesOf((db) => count(incidentsView(db, SQLITE)), ANSWER);
    assert.equal(queries.length, indexes.length);
    for (const [at, query] of queries.entries()) {
      const plan = planOf(store.dataDir, query).join('\n');
      assert.match(plan, indexes[at] ?? /nothing/);
      assert.doesNotMatch(plan, /SCAN (signs|incident_members|channel_attempts)|TEMP B-TREE/);
    }
  }
});

test('who is enlisted, woken, muted, dropped and erased is found through an index', async () => {
  await using store = await openTestStore();
  const queries = await queriesOf(async (db) => {
    const change = incidentsChange(db, SQLITE);
    await change.enlist({ ...aDraft(), number: 1 }, 5, 500);
    await change.wake('inc_1', { now: 5, after: 'ch_1', limit: 500 });
    await change.mute('inc_1', 5, 500);
    await change.dropSign('ch_1', null);
    await change.leave('inc_1', 'ch_1', { at: 5, reason: 'recovered' });
    await change.prune({ before: 5, limit: 500 });
  }, ANSWER);
  assert.ok(queries.length >= 14);
  for (const query of queries) {
    const plan = planOf(store.dataDir, query).join('\n');
    assert.match(plan, /USING (COVERING )?INDEX/, query.sql);
    assert.doesNotMatch(plan, /SCAN (?!json_each)|TEMP B-TREE/, `${query.sql}: ${plan}`);
  }
});
