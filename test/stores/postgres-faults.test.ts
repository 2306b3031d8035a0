/** A server that goes away and comes back, and changes that stand in each other's way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '#domain/problem.ts';
import { Secret } from '#domain/secret.ts';
import type { Store, StoreChange } from '#ports/store.ts';
import {
  aChannel,
  aCredential,
  ACME_TOKEN,
  addAcme,
  addSupport,
  bodyOf,
  goodState,
  NOON,
} from '#test/contracts/store/acme.ts';
import { rowOf } from '#test/contracts/store/harness.ts';
import { openPostgres } from '#test/fakes/open-postgres-store.ts';
import type { TestPostgres } from '#test/fakes/postgres.ts';
import { withPostgres } from '#test/fakes/with-postgres.ts';

withPostgres((server) => {
  killTests(server);
  collisionTests(server);
});

function killTests(server: () => TestPostgres): void {
  test('a server killed in the middle of writing comes back, and nothing committed is lost', async () => {
    await using store = await openPostgres(await server().createDatabase());
    const channels = await addAcme(store, 'support', 'sales', 'orders');
    const committed = new Map<string, number>();
    for (let round = 1; round <= 3; round += 1) {
      let commits = 0;
      const killed = Promise.withResolvers<void>();
      const writing = channels.map(async ({ id }) => {
        for (;;) {
          committed.set(id, await store.change((tx) => claimAndWrite(tx, id)));
          commits += 1;
          if (commits === 17 * round) killed.resolve(server().kill());
        }
      });
      for (const end of await Promise.allSettled(writing)) {
        assert.equal(end.status, 'rejected');
        unavailable(end.reason);
      }
      await killed.promise;
      await server().start();
      for (const { id } of channels) {
        const attempt = committed.get(id) ?? 0;
        const { state } = await rowOf(store, id);
        // What was answered is there; what was under way may be.
        assert.ok(state.attempt === attempt || state.attempt === attempt + 1);
        assert.deepEqual(state, goodState(state.attempt, bodyIn(id, state.attempt)));
      }
    }
  });

  test('while the server is away each call says so at once, without its address', async () => {
    const url = (await server().createDatabase()).replace('postgres@', 'postgres:hunter2@');
    await using store = await openPostgres(url);
    await addSupport(store);
    const began = Promise.withResolvers<void>();
    const isKilled = Promise.withResolvers<void>();
    const underWay = store.change(async (tx) => {
      await tx.settings.put('admin_token_hash', 'half-done');
      began.resolve();
      await isKilled.promise;
      await tx.settings.put('admin_token_hash', 'more');
    });
    await began.promise;
    await server().kill();
    isKilled.resolve();
    await assert.rejects(underWay, unavailable);
    await assert.rejects(hashIn(store), unavailable);
    await assert.rejects(
      store.change((tx) => tx.settings.put('admin_token_hash', 'x')),
      unavailable,
    );
    await server().start();
    assert.equal(await hashIn(store), null);
    assert.equal(await store.read((view) => view.channels.count()), 1);
  });

  test('a session that the server ends is replaced', async () => {
    const url = await server().createDatabase();
    await using store = await openPostgres(url);
    await addSupport(store);
    const ours = "pid <> pg_backend_pid() and application_name = 'waba-health'";
    await server().query(
      url,
      `select pg_terminate_backend(pid) from pg_stat_activity where ${ours}`,
    );
    // The first call may be the one that notices.
    await store.read((view) => view.channels.count()).catch(unavailable);
    assert.equal(await store.read((view) => view.channels.count()), 1);
  });
}

function collisionTests(server: () => TestPostgres): void {
  test('of two changes that wait for each other one runs again, and both are done', async () => {
    const url = await server().createDatabase();
    await server().query(
      url,
      `alter database ${new URL(url).pathname.slice(1)} set deadlock_timeout = '10ms'`,
    );
    await using store = await openPostgres(url);
    const bothHold = barrier(2);
    const runs = [0, 0];
    const crossing = async (index: 0 | 1) =>
      store.change(async (tx) => {
        runs[index] = (runs[index] ?? 0) + 1;
        const names = ['admin_token_hash', 'instance_id'] as const;
        await tx.settings.put(names[index], `first of ${index}`);
        if (runs[index] === 1) await bothHold();
        await tx.settings.put(names[1 - index] ?? 'instance_id', `second of ${index}`);
      });
    await Promise.all([crossing(0), crossing(1)]);
    // The server ends one of them, or both where it is slow to see that one was enough.
    assert.ok(Math.max(...runs) >= 2, `they ran ${runs.join(' and ')} times`);
    const seen = await store.read(async (view) => [
      await view.settings.get('admin_token_hash'),
      await view.settings.get('instance_id'),
    ]);
    const ends = [0, 1].map((last) => new Set([`first of ${last}`, `second of ${last}`]));
    assert.ok(
      ends.some((texts) => seen.every((text) => text !== null && texts.has(text))),
      seen.join(' and '),
    );
  });

  test('a credential removed while a channel is added for it leaves one of both, never half', async () => {
    await using store = await openPostgres(await server().createDatabase());
    for (let round = 0; round < 10; round += 1) {
      const credential = aCredential({ name: `acme-${round}` });
      await store.change((tx) => tx.credentials.add(credential, new Secret(ACME_TOKEN)));
      const channel = aChannel(credential, { name: `support-${round}` });
      const [added, removed] = await Promise.allSettled([
        store.change(async (tx) => {
          const found = await tx.credentials.find(credential.id);
          if (found === null) throw new Problem('not_found', 'it is gone');
          await tx.channels.add(channel);
        }),
        store.change((tx) => tx.credentials.remove(credential.id)),
      ]);
      const isThere = (await store.read((view) => view.channels.find(channel.id))) !== null;
      assert.equal(added.status, isThere ? 'fulfilled' : 'rejected');
      assert.equal(removed.status, isThere ? 'rejected' : 'fulfilled');
      const refused = [added, removed].find((end) => end.status === 'rejected');
      assert.ok(refused?.reason instanceof Problem, String(refused?.reason));
      assert.equal(refused.reason.code, isThere ? 'in_use' : 'not_found');
    }
  });
}

async function claimAndWrite(tx: StoreChange, id: `ch_${string}`): Promise<number> {
  const claim = await tx.channels.claim(id, NOON, 1_000);
  assert.ok(claim, 'somebody else is here');
  const body = bodyIn(id, claim.attempt);
  await tx.channels.writeState(id, goodState(claim.attempt, body), body);
  return claim.attempt;
}

function bodyIn(id: string, attempt: number): Uint8Array {
  return bodyOf(`{"health_status":{},"id":"${id} ${attempt}"}`);
}

function unavailable(error: unknown): true {
  assert.ok(error instanceof Problem, String(error));
  assert.equal(error.code, 'store_unavailable');
  assert.match(error.message, /^The database cannot be used: .*\.$/);
  assert.doesNotMatch(error.message, /127\.0\.0\.1|hunter2|postgres/);
  return true;
}

/** Lets nobody go on until so many have come. */
function barrier(count: number): () => Promise<void> {
  let missing = count;
  const all = Promise.withResolvers<void>();
  return () => {
    missing -= 1;
    if (missing === 0) all.resolve();
    return all.promise;
  };
}

function hashIn(store: Store): Promise<string | null> {
  return store.read((view) => view.settings.get('admin_token_hash'));
}
