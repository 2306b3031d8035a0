/** What programs on one database hear of each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'pg';
import type { Notice, Store } from '#ports/store.ts';
import { addSupport, anApiKey, NOON, sha256 } from '#test/contracts/store/acme.ts';
import { addReceivers, aDelivery } from '#test/contracts/store/acme-telling.ts';
import { openPostgres } from '#test/fakes/open-postgres-store.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import type { TestPostgres } from '#test/fakes/postgres.ts';
import { startTransactionPooler } from '#test/fakes/transaction-pooler.ts';
import { until } from '#test/fakes/until.ts';
import { withPostgres } from '#test/fakes/with-postgres.ts';

withPostgres((server) => {
  hearingTests(server);

  test('a change that began early and committed late is heard', async () => {
    const url = await server().createDatabase();
    await using one = await openPostgres(url);
    await using other = await openPostgres(url);
    const heard = hearing(other);
    const { id } = await addSupport(one);
    const late = anApiKey(id);
    const isWritten = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    const changing = one.change(async (tx) => {
      await tx.apiKeys.add(late, sha256('late'));
      isWritten.resolve();
      await mayCommit.promise;
    });
    await isWritten.promise;
    for (const text of ['second', 'third']) {
      await one.change((tx) => tx.apiKeys.add(anApiKey(id), sha256(text)));
      await until(() => heard.includes(`key:${sha256(text)}`));
    }
    assert.ok(!heard.includes(`key:${sha256('late')}`));
    mayCommit.resolve();
    await changing;
    await until(() => heard.includes(`key:${sha256('late')}`));
    assert.equal(new Set(heard).size, heard.length, 'something was told twice');
  });

  test('a delivery that is due is heard by the others once for each change, a later one not', async () => {
    const url = await server().createDatabase();
    await using one = await openPostgres(url);
    await using other = await openPostgres(url);
    const heard = hearing(other);
    const [receiver] = await addReceivers(one, 'on-call');
    const later = aDelivery(receiver, { nextAt: NOON + 90 });
    await one.change((tx) => tx.outbox.add([later, aDelivery(receiver, { state: 'withheld' })]));
    await one.change(async (tx) => {
      await tx.outbox.add([aDelivery(receiver)]);
      await tx.outbox.add([aDelivery(receiver)]);
    });
    await until(() => heard.length >= 1);
    await one.change((tx) => tx.outbox.release(later.incidentId ?? 'inc_', NOON + 1));
    await until(() => heard.length >= 2);
    const again = { now: NOON, state: 'pending', reason: 'Replayed.' } as const;
    await one.change((tx) => tx.outbox.settle([later.id], again));
    await until(() => heard.length >= 3);
    await addSupport(one).then(({ id }) => one.change((tx) => tx.channels.archive(id, NOON)));
    await until(() => heard.length >= 4);
    assert.deepEqual(heard.slice(0, 3), ['delivery:due', 'delivery:due', 'delivery:due']);
    assert.match(heard[3] ?? '', /^channel:/);
  });

  test('what was told while the server was away is heard when it is back', async () => {
    const url = await server().createDatabase();
    await using one = await openPostgres(url);
    const clock = createFakeClock();
    await using other = await openPostgres(url, { clock });
    const heard = hearing(other);
    const { id } = await addSupport(one);
    const key = anApiKey(id);
    await one.change((tx) => tx.apiKeys.add(key, sha256('key')));
    await server().kill();
    await clock.advance(5_000);
    await server().start();
    await one.change((tx) => tx.apiKeys.revoke(key.id, NOON)).catch(() => undefined);
    await one.change((tx) => tx.apiKeys.revoke(key.id, NOON));
    while (!heard.includes(`key:${sha256('key')}`)) await clock.advance(1_000);
  });

  test('a notice is kept for a day and then erased', async () => {
    const url = await server().createDatabase();
    await using one = await openPostgres(url);
    const { id } = await addSupport(one);
    await one.change((tx) => tx.apiKeys.add(anApiKey(id), sha256('key')));
    const count = async () => (await server().query(url, 'select id from notices')).length;
    const before = await count();
    assert.ok(before > 0);
    await server().query(url, 'update notices set at = at - 86400000');
    await one.change((tx) => tx.apiKeys.add(anApiKey(id), sha256('another')));
    const clock = createFakeClock();
    await using other = await openPostgres(url, { clock });
    hearing(other);
    while ((await count()) > before) await clock.advance(1_000);
    const rows = await server().query(url, 'select ref from notices');
    assert.ok(rows.some((row) => row['ref'] === sha256('another')));
    assert.ok(!rows.some((row) => row['ref'] === sha256('key')));
  });
});

function hearingTests(server: () => TestPostgres): void {
  test('a key that one program revokes is heard by the others, and not by itself', async () => {
    const url = await server().createDatabase();
    await using one = await openPostgres(url);
    await using other = await openPostgres(url);
    await revokedIsHeard(one, other);
  });

  test('the pooler of these tests gives each transaction another session, and refuses LISTEN', async () => {
    await using pooler = await startTransactionPooler(server().port);
    const client = new Client(pooler.through(await server().createDatabase()));
    await client.connect();
    const pid = async () => (await client.query('select pg_backend_pid() as pid')).rows[0]?.pid;
    assert.notEqual(await pid(), await pid());
    await client.query('begin');
    assert.equal(await pid(), await pid());
    await client.query('commit');
    await assert.rejects(client.query('listen waba_health'), /LISTEN is not possible/);
    await client.end();
  });

  test('where LISTEN is refused they hear it all the same', async () => {
    const url = await server().createDatabase();
    await using pooler = await startTransactionPooler(server().port);
    await using one = await openPostgres(pooler.through(url));
    await using other = await openPostgres(pooler.through(url));
    await revokedIsHeard(one, other);
    assert.ok(pooler.refused >= 2, 'nobody tried to listen');
  });

  test('with LISTEN it is heard although no second passes', async () => {
    const url = await server().createDatabase();
    await using one = await openPostgres(url);
    // Its clock stands still: only the server can wake it.
    await using other = await openPostgres(url, { clock: createFakeClock() });
    const heard = hearing(other);
    const { id } = await addSupport(one);
    const listeners =
      "select from pg_stat_activity where query = 'listen waba_health' and datname = current_database()";
    while ((await server().query(url, listeners)).length < 2);
    await one.change((tx) => tx.apiKeys.add(anApiKey(id), sha256('key')));
    await until(() => heard.includes(`key:${sha256('key')}`));
  });
}

async function revokedIsHeard(one: Store, other: Store): Promise<void> {
  const [own, heard] = [hearing(one), hearing(other)];
  const { id } = await addSupport(one);
  const key = anApiKey(id);
  await one.change((tx) => tx.apiKeys.add(key, sha256('key')));
  await until(() => heard.includes(`key:${sha256('key')}`));
  heard.length = 0;
  await one.change(async (tx) => {
    await tx.apiKeys.revoke(key.id, NOON);
    await tx.channels.archive(id, NOON);
  });
  await until(() => heard.includes(`key:${sha256('key')}`) && heard.includes(`channel:${id}`));
  assert.equal(heard.length, new Set(heard).size, 'something was told twice');
  await other.change((tx) => tx.channels.purge(id));
  await until(() => own.length >= 2);
  assert.deepEqual(own, [`channel:${id}`, `key:${sha256('key')}`], 'it heard itself');
}

/** What a store hears, as it hears it. */
function hearing(store: Store): string[] {
  const heard: string[] = [];
  store.follow(({ noun, ref }: Notice) => void heard.push(`${noun}:${ref}`));
  return heard;
}
