/** Opening a PostgreSQL store: what is refused and why, what is waited for, what several share. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '#domain/problem.ts';
import { PROGRAM_VERSION } from '#stores/sql/migrations.ts';
import { type Described, refuseUnfit } from '#stores/postgres/examine.ts';
import {
  ACME_TOKEN,
  addAcme,
  addSupport,
  bodyOf,
  goodState,
  NOON,
} from '#test/contracts/store/acme.ts';
import { refuses } from '#test/contracts/store/harness.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { openPostgres, SEAL_KEY } from '#test/fakes/open-postgres-store.ts';
import type { TestPostgres } from '#test/fakes/postgres.ts';
import { until } from '#test/fakes/until.ts';
import { withPostgres } from '#test/fakes/with-postgres.ts';

const OTHER_KEY = new Uint8Array(32).fill(8);

test('a database that is too old, in another encoding or of another program is refused', () => {
  const fit: Described = {
    version: 150_000,
    version_text: '15.0',
    encoding: 'UTF8',
    is_ours: false,
    has_tables: false,
  };
  refuseUnfit(fit);
  refuseUnfit({ ...fit, version: 190_001, is_ours: true, has_tables: true });
  const sentenceOf = (about: Partial<Described>) => {
    try {
      refuseUnfit({ ...fit, ...about });
    } catch (error) {
      if (error instanceof Problem && error.code === 'cannot_start') return error.message;
    }
    return assert.fail('not refused');
  };
  assert.match(
    sentenceOf({ version: 140_019, version_text: '14.19 (Debian)' }),
    /is PostgreSQL 14\.19 \(Debian\); waba-health needs 15 or newer/,
  );
  assert.match(sentenceOf({ encoding: 'SQL_ASCII' }), /encoding SQL_ASCII.*create database/);
  assert.match(sentenceOf({ has_tables: true }), /tables of another program/);
});

withPostgres((server) => {
  keyTests(server);
  refusalTests(server);
  waitTests(server);

  test('programs that start on an empty database at once build it once and agree', async () => {
    const url = await server().createDatabase();
    const stores = await Promise.all([1, 2, 3, 4].map(() => openPostgres(url)));
    assert.equal(new Set(stores.map((store) => store.instanceId)).size, 1);
    await addSupport(stores[0] ?? assert.fail());
    assert.equal(await stores[3]?.read((view) => view.channels.count()), 1);
    const versions = await server().query(url, 'select version::int from schema_version');
    assert.deepEqual(versions, [{ version: PROGRAM_VERSION }]);
    for (const store of stores) await store.close();
  });
});

function keyTests(server: () => TestPostgres): void {
  test('without a seal key there is no start, and none is made', async () => {
    const url = await server().createDatabase();
    await refuses(openPostgres(url, { sealKey: null }), 'cannot_start', /--seal-key-file/);
    await refuses(openPostgres(url, { sealKey: new Uint8Array(31) }), 'cannot_start', /31 bytes/);
    assert.deepEqual(await tablesIn(server(), url), []);
  });

  test('another seal key is refused, already where nothing sealed is stored', async () => {
    const url = await server().createDatabase();
    await (await openPostgres(url)).close();
    const other = () => openPostgres(url, { sealKey: OTHER_KEY });
    const sentence = /has the id [0-9a-f]{8}, that one [0-9a-f]{8}/;
    await refuses(other(), 'cannot_start', sentence);
    const store = await openPostgres(url);
    const { credentialId } = await addSupport(store);
    await store.close();
    await refuses(other(), 'cannot_start', /not the one that sealed/);
    const again = await openPostgres(url);
    const secret = await again.read((view) => view.credentials.secretOf(credentialId));
    assert.equal(secret.reveal(), ACME_TOKEN);
    await again.close();
  });

  test('of programs that bring different keys to an empty database those with one key stay', async () => {
    const url = await server().createDatabase();
    const keys = [SEAL_KEY, OTHER_KEY, SEAL_KEY, OTHER_KEY];
    const opened = await Promise.allSettled(keys.map((sealKey) => openPostgres(url, { sealKey })));
    const isOpen = opened.map(({ status }) => status === 'fulfilled');
    assert.ok(isOpen[0] !== isOpen[1], 'one key and not the other');
    assert.deepEqual(isOpen.slice(2), isOpen.slice(0, 2));
    for (const end of opened) if (end.status === 'fulfilled') await end.value.close();
  });
}

function refusalTests(server: () => TestPostgres): void {
  test('a database of another program is refused and left as it is', async () => {
    const url = await server().createDatabase();
    await server().query(url, 'create table channels (theirs text)');
    await refuses(openPostgres(url), 'cannot_start', /another program/);
    assert.deepEqual(await tablesIn(server(), url), ['channels']);
  });

  test('a database that needs a newer program is refused', async () => {
    const url = await server().createDatabase();
    await (await openPostgres(url)).close();
    await server().query(url, 'update schema_version set version = 99, oldest_program = 98');
    await refuses(openPostgres(url), 'cannot_start', /needs a program that knows schema 98/);
  });

  test('a program works beside a newer one for as long as the newer schema still allows it', async () => {
    const url = await server().createDatabase();
    const older = await openPostgres(url);
    const [support, sales] = await addAcme(older, 'support', 'sales');
    assert.ok(support && sales);
    // What a purely additive migration of a newer program leaves.
    await server().query(
      url,
      `alter table channels add column colour text;
       create table colours (name text);
       update schema_version set version = version + 1`,
    );
    const restarted = await openPostgres(url);
    for (const store of [older, restarted]) {
      const due = await store.change((tx) =>
        tx.schedule.claimDue({ now: NOON + 1, limit: 1, leaseMs: 30_000 }),
      );
      const [one] = due;
      assert.ok(one, 'there was nothing left to claim');
      const body = bodyOf('{"health_status":{}}');
      const state = goodState(one.attempt, body);
      assert.ok(await store.change((tx) => tx.channels.writeState(one.channel.id, state, body)));
    }
    for (const { id } of [support, sales]) {
      const row = await older.read((view) => view.channels.findRow(id));
      assert.equal(row?.state.attempt, 1);
    }
    await older.close();
    await restarted.close();
    const [version] = await server().query(url, 'select version::int from schema_version');
    assert.equal(version?.['version'], PROGRAM_VERSION + 1);
  });

  test('what no waiting would mend is refused at once, without the address', async () => {
    const url = await server().createDatabase();
    const missing = url.replace(/\/test_\d+$/, '/umbrella');
    await refuses(openPostgres(missing), 'cannot_start', /no database of that name/);
    const encrypted = `${url}?sslmode=require`;
    await refuses(openPostgres(encrypted), 'cannot_start', /does not encrypt; see sslmode/);
  });
}

function waitTests(server: () => TestPostgres): void {
  test('a database that starts after the program is waited for', async () => {
    const url = await server().createDatabase();
    await server().kill();
    const clock = createFakeClock();
    const opening = openPostgres(url, { clock });
    await until(() => clock.pending > 0);
    await server().start();
    await clock.advance(10_000);
    await (await opening).close();
  });

  test('a database that stays away is given up after a minute', async () => {
    const url = await server().createDatabase();
    await server().kill();
    const clock = createFakeClock();
    const began = clock.now();
    const state = { ended: false };
    const opening = openPostgres(url, { clock }).finally(() => (state.ended = true));
    const sentence = /nothing listens at its address\. It was waited for 6\d s\./;
    const refused = refuses(opening, 'cannot_start', sentence);
    while (!state.ended) {
      await until(() => state.ended || clock.pending > 0);
      await clock.advance(1_000);
    }
    await refused;
    assert.ok(clock.now() - began >= 60_000);
    await server().start();
  });
}

async function tablesIn(server: TestPostgres, url: string): Promise<unknown[]> {
  const tables = 'select tablename from pg_tables where schemaname = current_schema()';
  return (await server.query(url, tables)).map((row) => row['tablename']);
}
