/** `db copy`: an instance moved from SQLite to PostgreSQL, row by row. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ChannelId } from '#domain/id.ts';
import { Secret } from '#domain/secret.ts';
import { NO_READ } from '#domain/transition.ts';
import type { Store, StoreView } from '#ports/store.ts';
import { withTarget } from '#stores/postgres/open-to-fill.ts';
import { type CopiedTable, copyInstance } from '#stores/sql/copy.ts';
import { withSource } from '#stores/sqlite/open-to-copy.ts';
import {
  addAcme,
  ACME_TOKEN,
  anApiKey,
  anApp,
  bodyOf,
  goodState,
  NOON,
  sha256,
} from '#test/contracts/store/acme.ts';
import {
  addReceivers,
  aDelivery,
  aRule,
  aSilence,
  ON_CALL_SECRETS,
} from '#test/contracts/store/acme-telling.ts';
import { refuses } from '#test/contracts/store/harness.ts';
import { anEvent, aSign, opened, putSigns, waba } from '#test/contracts/store/an-incident.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import { openPostgres, SEAL_KEY } from '#test/fakes/open-postgres-store.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { withPostgres } from '#test/fakes/with-postgres.ts';
import { openIn, rowsIn, runSql } from '#test/stores/open-in.ts';

const BODY = bodyOf('{"health_status":{},"id":"of support"}');
const deps = { clock: createFakeClock(), randomness: createFakeRandomness() };

withPostgres((server) => {
  test('an instance is moved with everything that it knew, and goes on with the same seal key', async () => {
    using directory = temporaryDirectory();
    const before = await fillSource(directory.path);
    const url = await server().createDatabase();
    const copied = await copy(directory.path, new Secret(url));
    const tables =
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'";
    for (const { name } of rowsIn(directory.path, tables)) {
      if (name === 'schema_version' || name === 'notices') continue;
      const [count] = rowsIn(directory.path, `select count(*) as rows from ${String(name)}`);
      assert.equal(copied.get(String(name)), count?.['rows'], String(name));
    }
    await using store = await openPostgres(url);
    assert.equal(store.instanceId, before.instanceId);
    const after = await store.read(async (view) => ({
      channels: (await view.channels.list({ after: null, limit: 500 })).items,
      body: await view.channels.bodyOf(before.supportId),
      secret: (await view.credentials.secretOf(before.credentialId)).reveal(),
      key: await view.apiKeys.findByHash(sha256('key')),
      telling: await tellingOf(view),
    }));
    assert.deepEqual(after.channels, before.channels);
    assert.deepEqual(after.body, BODY);
    assert.equal(after.secret, ACME_TOKEN);
    assert.equal(after.key?.channelId, before.supportId);
    assert.deepEqual(after.telling, before.telling);
    assert.deepEqual(after.telling.secrets, [ON_CALL_SECRETS]);
    assert.equal(after.telling.deliveries.length, 1);
    for (const table of ['channel_entities', 'signs', 'incident_members', 'incident_events']) {
      assert.ok((copied.get(table) ?? 0) > 0, `${table} was empty, which proves nothing`);
    }
    assert.equal((await opened(store, { cause: waba('2') })).number, 2, 'a number is given twice');
    const transitions = await server().query(url, 'select "was" from transitions order by id');
    assert.deepEqual(transitions, [{ was: 'zero\ufffdbyte' }]);
  });

  test('a database that holds anything, or belongs to another key, is not copied into', async () => {
    using directory = temporaryDirectory();
    await fillSource(directory.path);
    const used = await server().createDatabase();
    await (await openPostgres(used)).close();
    await refuses(copy(directory.path, new Secret(used)), 'cannot_start', /not empty.*settings/);
    const other = await server().createDatabase();
    await (await openPostgres(other, { sealKey: new Uint8Array(32).fill(8) })).close();
    await refuses(copy(directory.path, new Secret(other)), 'cannot_start', /seal key is not/);
  });

  test('a copy that breaks off leaves an empty database, and can be made again', async () => {
    using directory = temporaryDirectory();
    await fillSource(directory.path);
    const url = await server().createDatabase();
    const broken = copy(directory.path, new Secret(url), ({ table }) => {
      if (table === 'channel_states') throw new Error('interrupted');
    });
    await assert.rejects(broken, /interrupted/);
    for (const table of ["settings where name <> 'seal_key_id'", 'apps', 'channels', 'bodies']) {
      assert.deepEqual(await server().query(url, `select * from ${table}`), [], table);
    }
    assert.equal((await copy(directory.path, new Secret(url))).get('channels'), 1_203);
  });

  test('a row that is not the same afterwards is found, and nothing is kept', async () => {
    using directory = temporaryDirectory();
    await fillSource(directory.path);
    const url = await server().createDatabase();
    // A target that changes what it is given.
    await copy(directory.path, new Secret(url), () => assert.fail()).catch(() => undefined);
    await server().query(
      url,
      `create function spoil() returns trigger language plpgsql as
         $$ begin new.hint = 'other'; return new; end $$;
       create trigger spoil before insert on api_keys for each row execute function spoil()`,
    );
    const spoilt = copy(directory.path, new Secret(url));
    await refuses(spoilt, 'cannot_start', /The row key_\w+ of api_keys is not the same/);
    assert.deepEqual(await server().query(url, 'select * from channels'), []);
  });

  test('a directory without an instance, or with a server on it, is not copied from', async () => {
    using directory = temporaryDirectory();
    const url = new Secret(await server().createDatabase());
    await refuses(copy(directory.path, url), 'cannot_start', /no database/);
    const running = await openIn(directory.path, { sealKey: SEAL_KEY });
    await refuses(copy(directory.path, url), 'cannot_start', /in use by process/);
    await running.close();
  });
});

/** An instance of more than two pages, with a bit of everything in it. */
async function fillSource(dataDir: string) {
  const store = await openIn(dataDir, { sealKey: SEAL_KEY });
  const names = Array.from({ length: 1_200 }, (_, at) => `number-${at}`);
  const [support, ...others] = await addAcme(store, 'support', 'sales', 'orders', ...names);
  assert.ok(support && others.length === 1_202);
  await store.change(async (tx) => {
    await tx.apps.add(anApp({ hasSecret: true }), new Secret('app secret'));
    await tx.apiKeys.add(anApiKey(support.id), sha256('key'));
    await tx.channels.writeState(support.id, goodState(1, BODY), BODY);
    await tx.channels.replace({ ...support, labels: { team: 'x', über: 'ß' } });
    await tx.budgets.learn('app/waba', { perHour: 5_000 });
    const change = { at: NOON, kind: 'entity', series: 's', was: 'zero\0byte', is: null } as const;
    const about = {
      capability: null,
      subjectType: null,
      subjectId: null,
      code: null,
      detail: null,
    };
    const id = createFakeIds().next('tr');
    await tx.history.add([{ ...NO_READ, ...change, ...about, id, channelId: support.id }]);
  });
  await tellSomebody(store);
  await showTrouble(store, support.id);
  const { channels, telling } = await store.read(async (view) => ({
    channels: (await view.channels.list({ after: null, limit: 500 })).items,
    telling: await tellingOf(view),
  }));
  await store.close();
  runSql(dataDir, "insert into portfolios values ('1', 'TIER_1K', 5)");
  const { instanceId } = store;
  const { id: supportId, credentialId } = support;
  return { instanceId, channels, telling, supportId, credentialId };
}

/** A receiver, and something of all that there is about it. */
async function tellSomebody(store: Store): Promise<void> {
  const [receiver] = await addReceivers(store, 'on-call');
  const delivery = aDelivery(receiver, { labels: { team: 'x' }, group: 'night' });
  await store.change(async (tx) => {
    await tx.rules.add(aRule([receiver.id]));
    await tx.silences.add(aSilence());
    await tx.outbox.add([delivery]);
    const seen = { at: NOON, tookMs: 5, outcome: 'transient', status: 503, detail: null } as const;
    await tx.outbox.addAttempt({ deliveryId: delivery.id, ...seen });
  });
}

/** An incident with a member and a timeline, and a suspect beside it. */
async function showTrouble(store: Store, id: ChannelId): Promise<void> {
  await store.change((tx) => tx.channels.nameEntities(id, [{ type: 'WABA', id: '1' }]));
  await putSigns(store, [aSign(id, { cause: waba('zero \0') }), aSign(id)]);
  const incident = await opened(store, { detail: 'zero\0byte' });
  await store.change(async (tx) => {
    await tx.incidents.enlist(incident, NOON, 1);
    await tx.incidents.addEvents([anEvent(incident.id, { channelId: id })]);
  });
}

async function tellingOf(view: StoreView) {
  const receivers = await view.receivers.all();
  const page = { after: null, limit: 500 };
  const deliveries = (await view.outbox.list(page, {})).items;
  return {
    receivers,
    secrets: await Promise.all(receivers.map(({ id }) => view.receivers.secretsOf(id))),
    rules: await view.rules.all(),
    silences: (await view.silences.list(page, {})).items,
    deliveries,
    attempts: await Promise.all(deliveries.map(({ id }) => view.outbox.attemptsOf(id))),
  };
}

async function copy(
  dataDir: string,
  url: Secret,
  tell: (copied: CopiedTable) => void = () => undefined,
): Promise<ReadonlyMap<string, number>> {
  const copied = new Map<string, number>();
  const note = (table: CopiedTable) => {
    copied.set(table.table, table.rows);
    tell(table);
  };
  await withSource({ dataDir, sealKey: SEAL_KEY, ...deps }, ({ db: from, sealKey }) =>
    withTarget({ url, sealKey, ...deps }, (to) => copyInstance({ from, to, tell: note })),
  );
  return copied;
}
