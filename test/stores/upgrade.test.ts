/** An instance of an earlier schema, opened by this program: what it knew is there, and what follows from it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Channel } from '#domain/channel.ts';
import type { OpenedStore } from '#stores/sql/opened-store.ts';
import { addAcme, bodyOf, goodState, NOON } from '#test/contracts/store/acme.ts';
import { rowOf } from '#test/contracts/store/harness.ts';
import { addTransitions, aTransition } from '#test/contracts/store/transitions.ts';
import { openPostgres, SEAL_KEY } from '#test/fakes/open-postgres-store.ts';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { withPostgres } from '#test/fakes/with-postgres.ts';
import { openIn, rowsIn, runSql } from '#test/stores/open-in.ts';

/** The tables of schema 2; whatever else there is came later. */
const SCHEMA_2 = new Set(
  `schema_version settings apps credentials channels channel_labels channel_attempts channel_states
   bodies api_keys transitions budgets upstream_tallies profiles portfolios token_facts seen_numbers
   notices`.split(/\s+/),
);

/** Columns that came later too, in the tables above. */
const LATER_COLUMNS = [
  'channel_attempts drop column closely',
  'channel_states drop column worked_messaging_at',
  'channel_states drop column worked_calling_at',
  'upstream_tallies drop column unreachable',
];

const CALLING = { series: 'verdict:calling', capability: 'calling' } as const;

test('on SQLite an instance of schema 2 learns who names what and what once worked', async () => {
  using directory = temporaryDirectory();
  const dataDir = directory.path;
  const open = () => openIn(dataDir, { sealKey: SEAL_KEY });
  await holdToUpgrade(open, async () => {
    const tables = "select name from sqlite_schema where type = 'table'";
    const names = rowsIn(dataDir, tables).map(({ name }) => String(name));
    for (const statement of backTo2(names))
      runSql(dataDir, `pragma foreign_keys = off;${statement}`);
  });
});

withPostgres((server) => {
  test('on PostgreSQL an instance of schema 2 learns who names what and what once worked', async () => {
    const url = await server().createDatabase();
    await holdToUpgrade(
      () => openPostgres(url),
      async () => {
        const tables = 'select tablename from pg_tables where schemaname = current_schema()';
        const names = (await server().query(url, tables)).map((row) => String(row['tablename']));
        for (const statement of backTo2(names, 'cascade')) await server().query(url, statement);
      },
    );
  });
});

function backTo2(tables: readonly string[], how: string = ''): readonly string[] {
  const later = tables.filter((name) => !SCHEMA_2.has(name));
  assert.ok(later.includes('signs'), 'nothing came later');
  return [
    ...later.map((name) => `drop table ${name} ${how}`),
    ...LATER_COLUMNS.map((change) => `alter table ${change}`),
    'update schema_version set version = 2, oldest_program = 2',
  ];
}

/** Fills an instance, takes away what schema 2 did not have, and looks at what opening it makes of the rest. */
async function holdToUpgrade(
  open: () => Promise<OpenedStore>,
  takeBack: () => Promise<void>,
): Promise<void> {
  const before = await open();
  const [support, sales] = await addAcme(before, 'support', 'sales');
  assert.ok(support && sales);
  const known = await fill(before, { support, sales });
  await before.close();
  await takeBack();
  const after = await open();
  const page = { after: null, limit: 9 };
  const namersOf = (type: string, id: string) =>
    after.read((view) => view.channels.ofEntity({ type, id }, page));
  const { items: ofWaba } = await namersOf('WABA', known.wabaId ?? '');
  assert.deepEqual(ofWaba, [support.id]);
  const { items: ofNumber } = await namersOf('PHONE_NUMBER', known.phoneNumberId ?? '');
  assert.deepEqual(ofNumber, [support.id]);
  const row = await rowOf(after, support.id);
  assert.deepEqual(row.worked, { messaging: NOON + 2, calling: null });
  assert.deepEqual(row.state.good?.identity, known);
  assert.deepEqual((await rowOf(after, sales.id)).worked, { messaging: null, calling: null });
  const due = await after.change((tx) =>
    tx.schedule.claimDue({ now: NOON + 1, limit: 9, leaseMs: 30_000 }),
  );
  assert.equal(due.length, 2);
  // What is in trouble opens its incident although its next read says nothing new.
  assert.equal(due.find(({ channel }) => channel.id === support.id)?.settled, null);
  await after.close();
}

/** A number that could send at times and was never called, and one of which nothing good is known. */
async function fill(
  store: OpenedStore,
  { support, sales }: { readonly support: Channel; readonly sales: Channel },
) {
  const body = bodyOf('{"health_status":{}}');
  const state = goodState(1, body);
  await store.change((tx) => tx.channels.writeState(support.id, state, body));
  const recorded = { messaging: 'BLOCKED', calling: null, reason: null } as const;
  await store.change((tx) => tx.history.record(support.id, { recorded, cause: 'WABA/141006' }));
  await addTransitions(store, [
    aTransition(support.id, { at: NOON + 1, was: 'UNKNOWN', is: 'LIMITED' }),
    aTransition(support.id, { at: NOON + 2, was: 'LIMITED', is: 'BLOCKED' }),
    aTransition(support.id, { at: NOON + 3, was: 'BLOCKED', is: 'UNKNOWN' }),
    aTransition(support.id, { ...CALLING, at: NOON + 4, was: 'UNKNOWN', is: 'BLOCKED' }),
    aTransition(sales.id, { at: NOON + 5, was: 'UNKNOWN', is: 'BLOCKED' }),
  ]);
  return state.good?.identity ?? assert.fail();
}
