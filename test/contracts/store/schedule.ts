/** What is due, who reads it, and what is written when nothing changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '#domain/secret.ts';
import type { Channel } from '#domain/channel.ts';
import type { DueChannel, UnchangedRead } from '#ports/schedule.ts';
import type { Store } from '#ports/store.ts';
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
import { type OpenStore, rowOf } from '#test/contracts/store/harness.ts';

const LEASE_MS = 30_000;
const BODY = bodyOf('{"health_status":{}}');

export function scheduleContract(open: OpenStore): void {
  claimContract(open);
  unchangedContract(open);
  paceContract(open);
}

function claimContract(open: OpenStore): void {
  test('what is due is claimed in the order in which it fell due, once per interval', async () => {
    await using store = await open();
    const channels = await addAcme(store, 'support', 'sales', 'orders');
    const dues = [NOON + 3_000, NOON + 1_000, NOON + 2_000];
    for (const [at, channel] of channels.entries()) {
      await store.change((tx) => tx.schedule.setDue(channel.id, dues[at] ?? 0));
    }
    assert.equal(await nextDueAt(store), NOON + 1_000);
    assert.deepEqual(await claim(store, NOON), []);
    const due = await claim(store, NOON + 3_000);
    assert.deepEqual(
      due.map(({ channel, dueAt, attempt }) => [channel.name, dueAt, attempt]),
      [
        ['sales', NOON + 1_000, 1],
        ['orders', NOON + 2_000, 1],
        ['support', NOON + 3_000, 1],
      ],
    );
    assert.deepEqual(due[2]?.channel, channels[0]);
    assert.deepEqual(await claim(store, NOON + 3_000), []);
    const next = (await nextDueAt(store)) ?? 0;
    assert.ok(next > NOON + 3_000 && next <= NOON + 3_000 + 120_000);
    const again = await claim(store, NOON + 3_000 + 120_000);
    assert.deepEqual(
      again.map(({ attempt }) => attempt),
      [2, 2, 2],
    );
  });

  test('of many who claim what is due at once, no two get the same', async () => {
    await using store = await open();
    const names = Array.from({ length: 60 }, (_, at) => `number-${at}`);
    await addAcme(store, ...names);
    const rounds = await Promise.all(
      Array.from({ length: 12 }, () => claim(store, NOON + 1, { limit: 7 })),
    );
    const rest = await claim(store, NOON + 1);
    const claimed = [...rounds.flat(), ...rest].map(({ channel }) => channel.name);
    assert.equal(claimed.length, 60);
    assert.deepEqual(new Set(claimed), new Set(names));
    for (const round of rounds) assert.ok(round.length <= 7);
  });

  test('who is leased, paused or archived is not claimed', async () => {
    await using store = await open();
    const [support, sales, orders] = await addAcme(store, 'support', 'sales', 'orders');
    assert.ok(support && sales && orders);
    await store.change(async (tx) => {
      await tx.channels.claim(support.id, NOON, LEASE_MS);
      await tx.schedule.setDue(support.id, NOON);
      await tx.channels.replace({ ...sales, pausedAt: NOON, updatedAt: NOON });
      await tx.schedule.setDue(sales.id, NOON);
      await tx.channels.archive(orders.id, NOON);
      await tx.schedule.setDue(orders.id, NOON);
    });
    assert.deepEqual(await claim(store, NOON + 1), []);
    const due = await claim(store, NOON + LEASE_MS);
    assert.deepEqual(
      due.map(({ channel }) => channel.name),
      ['support'],
    );
    await store.change((tx) => tx.channels.replace({ ...sales, updatedAt: NOON + LEASE_MS }));
    const resumed = await claim(store, NOON + LEASE_MS);
    assert.deepEqual(
      resumed.map(({ channel }) => channel.name),
      ['sales'],
    );
  });

  test('a claim that is given back is due when it says, unless it is no longer the newest', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    await claim(store, NOON + 1);
    const back = (attempt: number) =>
      store.change((tx) => tx.schedule.giveBack([{ id, attempt, dueAt: NOON + 500 }]));
    await back(7);
    assert.notEqual(await nextDueAt(store), NOON + 500);
    await back(1);
    assert.equal(await nextDueAt(store), NOON + 500);
    assert.equal((await claim(store, NOON + 500))[0]?.attempt, 2);
  });
}

function unchangedContract(open: OpenStore): void {
  test('a read that changed nothing brings new times, and its channel is settled', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    await store.change(async (tx) => {
      await tx.channels.writeState(id, goodState(1, BODY), BODY);
      const recorded = { messaging: 'BLOCKED', calling: null, reason: null } as const;
      await tx.history.record(id, { recorded, cause: 'WABA/141006' });
    });
    const [due] = await claim(store, NOON + 1);
    const good = goodState(1, BODY).good;
    assert.deepEqual(due?.settled, {
      attempt: 1,
      bodyHash: good?.bodyHash,
      readAt: good?.readAt,
      since: goodState(1, BODY).since?.messaging,
      recorded: { messaging: 'BLOCKED', calling: null, reason: null },
    });
    assert.equal(due?.failuresInARow, 0);
    const written = await writeUnchanged(store, [
      { ...anUnchangedRead(id, 2), dueAt: NOON + 7_000 },
    ]);
    assert.deepEqual(written, new Set([id]));
    const { state } = await rowOf(store, id);
    assert.equal(state.attempt, 2);
    assert.deepEqual(state.good, {
      ...good,
      attempt: 2,
      startedAt: NOON + 5_000,
      readAt: NOON + 5_100,
      served: { version: 'v26.0', traceId: null },
    });
    assert.equal(await nextDueAt(store), NOON + 7_000);
    // The lease has ended with it.
    assert.equal((await claim(store, NOON + 7_000))[0]?.attempt, 3);
  });

  test('an unchanged read is not written over an equal or newer attempt', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    for (const { id } of [support, sales]) {
      await store.change((tx) => tx.channels.writeState(id, goodState(3, BODY), BODY));
    }
    const reads = [anUnchangedRead(support.id, 3, 3), anUnchangedRead(sales.id, 4, 3)];
    assert.deepEqual(await writeUnchanged(store, reads), new Set([sales.id]));
    assert.deepEqual((await rowOf(store, support.id)).state, goodState(3, BODY));
    assert.deepEqual(await writeUnchanged(store, []), new Set());
  });

  test('an unchanged read is not written over an outcome that came in between', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    await store.change((tx) => tx.channels.writeState(id, goodState(1, BODY), BODY));
    // Attempt 2 froze, 3 read what 1 had read, and then 2 came back with something else.
    const late = bodyOf('{"health_status":{"can_send_message":"BLOCKED"}}');
    await store.change((tx) => tx.channels.writeState(id, goodState(2, late), late));
    assert.deepEqual(await writeUnchanged(store, [anUnchangedRead(id, 3, 1)]), new Set());
    assert.deepEqual((await rowOf(store, id)).state, goodState(2, late));
  });

  test('no read of a channel that is read closely counts as unchanged', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    await store.change(async (tx) => {
      await tx.channels.writeState(id, goodState(1, BODY), BODY);
      const recorded = { messaging: 'BLOCKED', calling: null, reason: null } as const;
      await tx.history.record(id, { recorded, cause: null });
    });
    const [settled] = await claim(store, NOON + 1);
    assert.ok(settled?.settled);
    const setClosely = (isClosely: boolean) =>
      store.change((tx) => tx.incidents.setClosely(id, isClosely));
    await setClosely(true);
    assert.deepEqual(await writeUnchanged(store, [anUnchangedRead(id, 2)]), new Set());
    const { state } = await rowOf(store, id);
    assert.equal(state.attempt, 1);
    const [due] = await claim(store, NOON + 200_000);
    assert.equal(due?.settled, null);
    await setClosely(false);
    const [again] = await claim(store, NOON + 400_000);
    assert.equal(again?.settled?.attempt, 1);
    assert.deepEqual(await writeUnchanged(store, [anUnchangedRead(id, 4)]), new Set());
    const repeat = anUnchangedRead(id, 4, 1);
    assert.deepEqual(await writeUnchanged(store, [repeat]), new Set([id]));
  });

  test('programs that write overlapping unchanged reads at once never wait in a circle', async () => {
    await using store = await open();
    const names = Array.from({ length: 30 }, (_, at) => `number-${at}`);
    const channels = await addAcme(store, ...names);
    for (const { id } of channels) {
      await store.change((tx) => tx.channels.writeState(id, goodState(1, BODY), BODY));
    }
    const orders = [channels, channels.toReversed(), channels, channels.toReversed()];
    const written = await Promise.all(
      orders.map((order, at) =>
        writeUnchanged(
          store,
          order.map(({ id }) => anUnchangedRead(id, 2 + at, 1)),
        ),
      ),
    );
    for (const { id } of channels) {
      const by = written.flatMap((ids, at) => (ids.has(id) ? [2 + at] : []));
      assert.deepEqual([(await rowOf(store, id)).state.attempt], by);
    }
  });
}

function paceContract(open: OpenStore): void {
  test('a bucket is told its load, and its channels can be stretched until all are', async () => {
    await using store = await open();
    const credential = aCredential();
    const [support, sales] = [
      aChannel(credential, { intervalMs: 60_000 }),
      aChannel(credential, { name: 'sales', intervalMs: 100_001 }),
    ];
    await store.change(async (tx) => {
      await tx.credentials.add(credential, new Secret(ACME_TOKEN));
      for (const channel of [support, sales]) {
        await tx.channels.add(channel);
        await tx.schedule.setBucket(channel.id, 'app/waba');
      }
    });
    const loads = await store.read((view) => view.schedule.loads({ after: null, limit: 9 }));
    assert.deepEqual(
      loads.map(({ bucket, channels }) => [bucket, channels]),
      [['app/waba', 2]],
    );
    const perHour = 3_600_000 / 60_000 + 3_600_000 / 100_001;
    assert.ok(Math.abs((loads[0]?.readsPerHour ?? 0) - perHour) < 1e-6);
    const stretch = (factor: number) =>
      store.change((tx) => tx.schedule.stretch('app/waba', { stretch: factor, limit: 1 }));
    for (const factor of [1.5, 4 / 3, 1]) {
      const changed = [await stretch(factor), await stretch(factor), await stretch(factor)];
      assert.deepEqual(changed, [1, 1, 0], `stretched by ${factor}`);
    }
    const next = await store.read((view) => view.schedule.loads({ after: 'app/waba', limit: 9 }));
    assert.deepEqual(next, []);
  });

  test('after the clock stepped back, what lies too far ahead comes within reach', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const dayMs = 86_400_000;
    await store.change(async (tx) => {
      await tx.schedule.setDue(id, NOON);
      await tx.channels.claim(id, NOON + dayMs, LEASE_MS);
    });
    const rebase = () =>
      store.change((tx) => tx.schedule.rebase({ now: NOON, leaseMs: LEASE_MS, limit: 500 }));
    assert.equal(await rebase(), 1);
    assert.equal(await rebase(), 0);
    const next = (await nextDueAt(store)) ?? 0;
    assert.ok(next > NOON && next <= NOON + 120_000);
    assert.equal((await claim(store, NOON + 120_000))[0]?.attempt, 2);
  });
}

function claim(
  store: Store,
  now: number,
  { limit = 500 }: { readonly limit?: number } = {},
): Promise<readonly DueChannel[]> {
  return store.change((tx) => tx.schedule.claimDue({ now, limit, leaseMs: LEASE_MS }));
}

function writeUnchanged(store: Store, reads: readonly UnchangedRead[]) {
  return store.change((tx) => tx.schedule.writeUnchanged(reads));
}

function anUnchangedRead(id: Channel['id'], attempt: number, repeats = attempt - 1): UnchangedRead {
  return {
    id,
    attempt,
    repeats,
    startedAt: NOON + 5_000,
    readAt: NOON + 5_100,
    version: 'v26.0',
    traceId: null,
    dueAt: null,
  };
}

function nextDueAt(store: Store): Promise<number | null> {
  return store.read((view) => view.schedule.nextDueAt());
}
