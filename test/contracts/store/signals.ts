import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Signal } from '#domain/signals/signal.ts';
import { ABOUT_NOBODY } from '#domain/signals/signal.ts';
import type { ReceivedWebhook, SignalFilter } from '#ports/signals.ts';
import type { Store } from '#ports/store.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import { addAcme, addSupport, bodyOf, NOON, sha256 } from './acme.ts';
import { allPages, refuses } from './harness.ts';
import type { OpenStore } from './harness.ts';

const fakeIds = createFakeIds();
const WABA = '102290129340398';
const EVERY_MS = 30_000;

export function signalsContract(open: OpenStore): void {
  test('a webhook is stored once, however often it comes, and waits until it is understood', async () => {
    await using store = await open();
    const [first, second] = [aWebhook('first'), aWebhook('second', NOON + 1)];
    assert.equal(await receive(store, second), true);
    assert.equal(await receive(store, first), true);
    assert.equal(await receive(store, { ...first, receivedAt: NOON + 9, ref: 'another' }), false);
    assert.deepEqual(await pending(store), { ...first, done: 0 });
    assert.equal(await advance(store, first.hash, { from: 0, done: 50, isAll: false }), true);
    assert.deepEqual(await pending(store), { ...first, done: 50 });
    assert.equal(await advance(store, first.hash, { from: 50, done: 60, isAll: true }), true);
    assert.deepEqual(await pending(store), { ...second, done: 0 });
    assert.equal(await receive(store, first), false, 'one that was understood is known too');
  });

  test('of two who go on with the same webhook one is told that the other did', async () => {
    await using store = await open();
    const webhook = aWebhook('first');
    await receive(store, webhook);
    const both = [1, 2].map(() => advance(store, webhook.hash, { from: 0, done: 1, isAll: true }));
    const told = await Promise.all(both);
    assert.equal(told.filter(Boolean).length, 1);
    assert.equal(await advance(store, webhook.hash, { from: 1, done: 2, isAll: true }), false);
  });

  test('a signal is recorded once, and what is counted together grows', async () => {
    await using store = await open();
    const signal = aSignal();
    assert.equal(await add(store, signal, 'key'), true);
    assert.equal(await add(store, { ...aSignal(), event: 'OTHER' }, 'key'), false);
    assert.deepEqual(await listed(store), [signal]);
    const counted = aSignal({ code: '131042', count: 2, httpStatus: 400, receivedAt: NOON + 1 });
    await addCounted(store, counted);
    await addCounted(store, { ...counted, id: fakeIds.next('sig'), count: 3 });
    assert.deepEqual(await listed(store), [{ ...counted, count: 5 }, signal]);
  });

  test('signals are listed newest first, by channel with its WABA, by field and by what is known', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    const about = { ...ABOUT_NOBODY, wabaId: WABA };
    const signals = [
      aSignal({ receivedAt: NOON + 5, channelId: support.id, field: 'security' }),
      aSignal({ receivedAt: NOON + 4, about }),
      aSignal({ receivedAt: NOON + 3, channelId: sales.id, about }),
      aSignal({ receivedAt: NOON + 2, isKnown: false, field: 'new_one' }),
      aSignal({ receivedAt: NOON + 2, isKnown: false }),
    ];
    for (const signal of signals) await add(store, signal, signal.id);
    const newest = signals.toSorted(
      (a, b) => b.receivedAt - a.receivedAt || (a.id < b.id ? 1 : -1),
    );
    const channel = { id: support.id, wabaId: WABA };
    const cases: readonly (readonly [SignalFilter, (signal: Signal) => boolean])[] = [
      [{}, () => true],
      [{ channel }, (one) => one === signals[0] || one === signals[1]],
      [{ channel: { id: support.id, wabaId: null } }, (one) => one === signals[0]],
      [{ channel, field: 'security' }, (one) => one === signals[0]],
      [{ channel, isKnown: false }, () => false],
      [{ field: 'account_update' }, (one) => one.field === 'account_update'],
      [{ field: 'account_update', isKnown: false }, (one) => one === signals[4]],
      [{ isKnown: false }, (one) => !one.isKnown],
      [{ isKnown: true }, (one) => one.isKnown],
    ];
    for (const [filter, holds] of cases) {
      for (const limit of [1, 2, 50]) {
        const found = await allPages(limit, (page) =>
          store.read((view) => view.signals.list(page, filter)),
        );
        assert.deepEqual(found, newest.filter(holds), JSON.stringify([filter, limit]));
      }
    }
    const made = { after: 'made up', limit: 1 };
    await refuses(
      store.read((view) => view.signals.list(made)),
      'invalid_request',
      /cursor/,
    );
  });

  test('what was said of an entity lately is found by the entity, and nobody else', async () => {
    await using store = await open();
    const subject = { type: 'WABA', id: WABA };
    const old = aSignal({ subject, receivedAt: NOON });
    const fresh = aSignal({ subject, receivedAt: NOON + 10 });
    for (const one of [old, fresh, aSignal({ receivedAt: NOON + 10 })])
      await add(store, one, one.id);
    const recent = (since: number, entity: Signal['subject'] = subject) =>
      store.read((view) =>
        view.signals.recent({ entity: entity ?? { type: '', id: null }, since }),
      );
    assert.deepEqual(await recent(NOON), [fresh, old]);
    assert.deepEqual(await recent(NOON + 1), [fresh]);
    assert.deepEqual(await recent(NOON, { type: 'BUSINESS', id: WABA }), []);
    assert.deepEqual(await recent(NOON, { type: 'WABA', id: null }), []);
  });

  test('sends that failed are counted by channel and code, from a moment on', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    for (const one of [
      failed({ channelId: support.id, count: 3, receivedAt: NOON + 1 }),
      failed({ channelId: support.id, count: 4, receivedAt: NOON + 2 }),
      failed({ channelId: support.id, count: 9, receivedAt: NOON - 1 }),
      failed({ channelId: support.id, code: '131049', receivedAt: NOON }),
      failed({ channelId: sales.id, receivedAt: NOON }),
      failed({ channelId: null, receivedAt: NOON }),
      aSignal({ channelId: sales.id, receivedAt: NOON }),
    ]) {
      await add(store, one, one.id);
    }
    const ofSupport = {
      channelId: support.id,
      errors: [
        { code: '131042', sends: 7 },
        { code: '131049', sends: 1 },
      ],
    };
    const ofSales = { channelId: sales.id, errors: [{ code: '131042', sends: 1 }] };
    const since = NOON;
    const count = (channelIds: readonly Signal['channelId'][] | 'all') =>
      store.read((view) =>
        view.signals.failedSends({
          since,
          channelIds: channelIds === 'all' ? 'all' : channelIds.filter((id) => id !== null),
        }),
      );
    const all = [ofSupport, ofSales].toSorted((a, b) => (a.channelId < b.channelId ? -1 : 1));
    assert.deepEqual(await count('all'), all);
    assert.deepEqual(await count([support.id]), [ofSupport]);
    assert.deepEqual(await count([]), []);
  });

  test('a hint makes a channel due at once, the next one later, and those in between not at all', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    await store.change((tx) => tx.schedule.setDue(id, NOON + 1_000_000));
    const makeDue = (now: number) =>
      store.change((tx) => tx.signals.makeDue([id], { now, everyMs: EVERY_MS }));
    const dueAt = () => store.read((view) => view.schedule.nextDueAt());
    assert.equal(await makeDue(NOON), 1);
    assert.equal(await dueAt(), NOON);
    await store.change((tx) => tx.schedule.setDue(id, NOON + 1_000_000));
    await makeDue(NOON + 1_000);
    assert.equal(await dueAt(), NOON + EVERY_MS);
    await makeDue(NOON + 2_000);
    assert.equal(await dueAt(), NOON + EVERY_MS);
    await store.change((tx) => tx.schedule.setDue(id, NOON + 1_000_000));
    await makeDue(NOON + EVERY_MS * 2);
    assert.equal(await dueAt(), NOON + EVERY_MS * 2);
  });

  test('a hint puts nothing off, and moves nothing that is paused or archived', async () => {
    await using store = await open();
    const [support, sales, orders] = await addAcme(store, 'support', 'sales', 'orders');
    assert.ok(support && sales && orders);
    await store.change(async (tx) => {
      await tx.schedule.setDue(support.id, NOON - 5);
      await tx.channels.replace({ ...sales, pausedAt: NOON });
      await tx.channels.archive(orders.id, NOON);
    });
    const ids = [support.id, sales.id, orders.id];
    const about = { now: NOON, everyMs: EVERY_MS };
    assert.equal(await store.change((tx) => tx.signals.makeDue(ids, about)), 1);
    assert.equal(await store.read((view) => view.schedule.nextDueAt()), NOON - 5);
    const claimed = await store.change((tx) =>
      tx.schedule.claimDue({ now: NOON + 1, limit: 10, leaseMs: 1 }),
    );
    assert.deepEqual(
      claimed.map(({ channel }) => channel.id),
      [support.id],
    );
  });

  test('a clock that was put back does not keep hints from being heard', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const makeDue = (now: number) =>
      store.change((tx) => tx.signals.makeDue([id], { now, everyMs: EVERY_MS }));
    await makeDue(NOON + 1_000_000);
    await store.change((tx) => tx.schedule.setDue(id, NOON + 500_000));
    await makeDue(NOON);
    assert.equal(await store.read((view) => view.schedule.nextDueAt()), NOON);
  });

  test('old webhooks and signals are erased in small steps, and what a purged channel was told with it', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    for (const at of [1, 2, 3]) {
      await receive(store, aWebhook(`of ${at}`, NOON + at));
      await add(store, aSignal({ receivedAt: NOON + at, channelId: id }), `of ${at}`);
    }
    const prune = () => store.change((tx) => tx.signals.prune(NOON + 3, 1));
    assert.deepEqual([await prune(), await prune(), await prune()], [2, 2, 0]);
    assert.equal((await pending(store))?.receivedAt, NOON + 3);
    assert.equal((await listed(store)).length, 1);
    await store.change((tx) => tx.signals.makeDue([id], { now: NOON, everyMs: EVERY_MS }));
    await store.change((tx) => tx.channels.purge(id));
    assert.deepEqual(await listed(store), []);
  });
}

function aSignal(about: Partial<Signal> = {}): Signal {
  return {
    id: fakeIds.next('sig'),
    receivedAt: NOON,
    source: 'meta',
    channelId: null,
    field: 'account_update',
    event: 'ACCOUNT_VIOLATION',
    subject: null,
    about: ABOUT_NOBODY,
    code: null,
    httpStatus: null,
    count: 1,
    weight: 'warning',
    isKnown: true,
    summary: 'the account violated a policy: ADULT',
    ...about,
  };
}

/** A send error. */
function failed(about: Partial<Signal>): Signal {
  return aSignal({ code: '131042', ...about });
}

function aWebhook(text: string, receivedAt: number = NOON): ReceivedWebhook {
  const source = 'meta';
  return { hash: sha256(text), source, ref: 'app_acme', receivedAt, body: bodyOf(text) };
}

function receive(store: Store, webhook: ReceivedWebhook): Promise<boolean> {
  return store.change((tx) => tx.signals.receive(webhook));
}

/** The row as it is, whatever bytes the engine gives for a body. */
async function pending(store: Store) {
  const found = await store.read((view) => view.signals.pending());
  return found && { ...found, body: new Uint8Array(found.body) };
}

function advance(
  store: Store,
  hash: string,
  step: { readonly from: number; readonly done: number; readonly isAll: boolean },
): Promise<boolean> {
  return store.change((tx) => tx.signals.advance(hash, { at: NOON, ...step }));
}

function add(store: Store, signal: Signal, key: string): Promise<boolean> {
  return store.change((tx) => tx.signals.add(signal, { key, counts: false }));
}

function addCounted(store: Store, signal: Signal): Promise<boolean> {
  return store.change((tx) => tx.signals.add(signal, { key: 'counted', counts: true }));
}

async function listed(store: Store): Promise<readonly Signal[]> {
  return (await store.read((view) => view.signals.list({ after: null, limit: 50 }))).items;
}
