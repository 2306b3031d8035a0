/** The outbox: what is added, how it ends, what was attempted, and what is erased. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeliveryId } from '#domain/id.ts';
import { type Delivery, type DeliveryAttempt, DELIVERY_STATES } from '#domain/telling/delivery.ts';
import type { DeliveryFilter } from '#ports/outbox.ts';
import type { Store } from '#ports/store.ts';
import { NOON } from '#test/contracts/store/acme.ts';
import { addReceivers, aDelivery, anIncidentId } from '#test/contracts/store/acme-telling.ts';
import { allPages, type OpenStore } from '#test/contracts/store/harness.ts';

export function outboxContract(open: OpenStore): void {
  addingContract(open);
  listingContract(open);
  settlingContract(open);
  erasingContract(open);
}

function addingContract(open: OpenStore): void {
  test('a delivery comes back as it was added', async () => {
    await using store = await open();
    const [receiver] = await addReceivers(store, 'on-call');
    const full = aDelivery(receiver, {
      kind: 'reminder',
      seq: 3,
      state: 'delivered',
      labels: { team: 'x', über: 'ß' },
      group: 'night',
      about: '{"week":"2026-W09"}',
      attempts: 2,
      claim: 2,
      deliveredAt: NOON + 9,
      mergedInto: 'dl_summary',
      isPlain: true,
    });
    const bare = aDelivery(receiver, { incidentId: null, kind: 'test', rule: null });
    await store.change((tx) => tx.outbox.add([full, bare]));
    const reopened = await store.reopen();
    assert.deepEqual(await find(reopened, full.id), full);
    assert.deepEqual(await find(reopened, bare.id), bare);
    assert.equal(await find(reopened, 'dl_nothing'), null);
    await reopened.change((tx) => tx.outbox.add([]));
  });

  test('the same of an incident for a receiver is owed once, and what is of none each time', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const first = aDelivery(receiver);
    const { incidentId } = first;
    const again = aDelivery(receiver, { incidentId, reason: 'Told twice.' });
    const others = [
      aDelivery(receiver, { incidentId, seq: 1 }),
      aDelivery(receiver, { incidentId, kind: 'resolved' }),
      aDelivery(other, { incidentId }),
      aDelivery(receiver, { incidentId: null, kind: 'test' }),
      aDelivery(receiver, { incidentId: null, kind: 'test' }),
    ];
    await store.change((tx) => tx.outbox.add([first]));
    await store.change((tx) =>
      tx.outbox.add([again, ...others, aDelivery(receiver, { incidentId })]),
    );
    assert.deepEqual(await list(store, 500, {}), [first, ...others].toReversed());
  });

  test('a sentence that quotes anything at all is kept as far as it is text', async () => {
    await using store = await open();
    const [receiver] = await addReceivers(store, 'on-call');
    const delivery = aDelivery(receiver, { reason: 'It said "\0\ud800 💳".' });
    const attempt = anAttempt(delivery.id, { detail: 'zero\0byte' });
    await store.change(async (tx) => {
      await tx.outbox.add([delivery]);
      await tx.outbox.addAttempt(attempt);
    });
    assert.equal((await find(store, delivery.id))?.reason, 'It said "\ufffd\ufffd 💳".');
    const [kept] = await store.read((view) => view.outbox.attemptsOf(delivery.id));
    assert.equal(kept?.detail, 'zero\ufffdbyte');
  });

  test('attempts are kept in the order in which they were made, and those of nothing nowhere', async () => {
    await using store = await open();
    const [receiver] = await addReceivers(store, 'on-call');
    const delivery = aDelivery(receiver);
    const attempts = [
      anAttempt(delivery.id, { outcome: 'throttled', status: 429, detail: null }),
      // The clock went back.
      anAttempt(delivery.id, { at: NOON - 1 }),
      anAttempt(delivery.id, { outcome: 'delivered', status: 202 }),
    ];
    await store.change((tx) => tx.outbox.add([delivery]));
    for (const attempt of attempts) await store.change((tx) => tx.outbox.addAttempt(attempt));
    await store.change((tx) => tx.outbox.addAttempt(anAttempt('dl_nothing')));
    assert.deepEqual(await store.read((view) => view.outbox.attemptsOf(delivery.id)), attempts);
    assert.deepEqual(await store.read((view) => view.outbox.attemptsOf('dl_nothing')), []);
  });
}

function listingContract(open: OpenStore): void {
  test('deliveries are listed from the newest on by incident, receiver and state, page by page', async () => {
    await using store = await open();
    const receivers = await addReceivers(store, 'on-call', 'mail', 'chat');
    const incidents = [anIncidentId(), anIncidentId()];
    const all = [...incidents, null].flatMap((incidentId) =>
      receivers.flatMap((receiver) =>
        DELIVERY_STATES.map((state, seq) => aDelivery(receiver, { incidentId, state, seq })),
      ),
    );
    await store.change((tx) => tx.outbox.add(all.toReversed()));
    const [incidentId, receiverId] = [incidents[1] ?? anIncidentId(), receivers[0].id];
    const filters: DeliveryFilter[] = [
      {},
      { incidentId },
      { receiverId },
      { states: ['dead', 'withheld', 'dead'] },
      { states: [] },
      { incidentId, receiverId },
      { receiverId, states: ['pending', 'merged'] },
      { incidentId, states: ['delivered'] },
      { incidentId, receiverId, states: ['dead', 'pending'] },
    ];
    for (const filter of filters) {
      const expected = all.filter(
        (one) =>
          (filter.incidentId === undefined || one.incidentId === filter.incidentId) &&
          (filter.receiverId === undefined || one.receiverId === filter.receiverId) &&
          (filter.states?.includes(one.state) ?? true),
      );
      for (const limit of [1, 4, 54]) {
        assert.deepEqual(await list(store, limit, filter), expected.toReversed());
      }
    }
    const about = await store.read((view) => view.outbox.about(incidentId, receiverId));
    const ofPair = all.filter(
      (one) => one.incidentId === incidentId && one.receiverId === receiverId,
    );
    assert.deepEqual(about, ofPair);
  });

  test('they are counted by state, and what a receiver took by when it did', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const taken = [1, 2, 3].map((at) => aDelivery(receiver, takenAt(NOON + at)));
    const rest = [aDelivery(other, takenAt(NOON + 2)), aDelivery(receiver), aDelivery(other)];
    await store.change((tx) => tx.outbox.add([...taken, ...rest]));
    const counts = await store.read((view) => view.outbox.countsByState());
    const none = { dead: 0, superseded: 0, merged: 0, withheld: 0 };
    assert.deepEqual(counts, { pending: 2, delivered: 4, ...none });
    const since = (at: number) =>
      store.read((view) => view.outbox.deliveredSince(receiver.id, NOON + at));
    assert.deepEqual(await Promise.all([0, 2, 3, 4].map(since)), [3, 2, 1, 0]);
  });

  test('it tells since when the oldest one is due', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const oldest = () => store.read((view) => view.outbox.oldestDueAt(NOON + 10));
    assert.equal(await oldest(), null);
    const dues = [11, 7, 5].map((at) => aDelivery(other, { nextAt: NOON + at }));
    const ended = aDelivery(receiver, { state: 'dead', nextAt: NOON + 1 });
    await store.change((tx) => tx.outbox.add([...dues, ended]));
    assert.equal(await oldest(), NOON + 5);
    await store.change((tx) =>
      tx.outbox.add([aDelivery(receiver, { nextAt: NOON + 3 }), aDelivery(receiver)]),
    );
    assert.equal(await oldest(), NOON);
  });
}

function settlingContract(open: OpenStore): void {
  test('what waits is settled, but not what is being sent or was delivered', async () => {
    await using store = await open();
    const [receiver] = await addReceivers(store, 'on-call');
    const [waiting, leased, late, gone] = [
      aDelivery(receiver),
      aDelivery(receiver, { leaseUntil: NOON + 1, claim: 1 }),
      aDelivery(receiver, { leaseUntil: NOON, claim: 1 }),
      aDelivery(receiver, { state: 'delivered', deliveredAt: NOON }),
    ];
    const all = [waiting, leased, late, gone];
    await store.change((tx) => tx.outbox.add(all));
    const about = { state: 'merged', reason: 'A summary says it.', mergedInto: 'dl_sum' } as const;
    const ids: DeliveryId[] = [...all.map(({ id }) => id), 'dl_nothing'];
    const settled = await store.change((tx) => tx.outbox.settle(ids, { now: NOON, ...about }));
    assert.equal(settled, 2);
    const merged = { ...about, leaseUntil: 0 };
    assert.deepEqual(await find(store, waiting.id), { ...waiting, ...merged });
    assert.deepEqual(await find(store, late.id), { ...late, ...merged });
    assert.deepEqual(await find(store, leased.id), leased);
    assert.deepEqual(await find(store, gone.id), gone);
    const finished = { ...late, state: 'delivered', deliveredAt: NOON } as const;
    assert.equal(await store.change((tx) => tx.outbox.finish(finished)), false);
  });

  test('what had ended and is to be sent again begins anew, what only waits keeps its attempts', async () => {
    await using store = await open();
    const [receiver] = await addReceivers(store, 'on-call');
    const dead = aDelivery(receiver, { state: 'dead', attempts: 9 });
    const waiting = aDelivery(receiver, { attempts: 4, nextAt: NOON + 99 });
    await store.change((tx) => tx.outbox.add([dead, waiting]));
    const again = { state: 'pending', reason: 'Replayed.', nextAt: NOON + 5 } as const;
    await store.change((tx) => tx.outbox.settle([dead.id, waiting.id], { now: NOON, ...again }));
    assert.deepEqual(await find(store, dead.id), { ...dead, ...again, attempts: 0 });
    assert.deepEqual(await find(store, waiting.id), { ...waiting, ...again });
  });

  test('what is due of a receiver is told oldest first, of a group where one is named', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const { incidentId } = aDelivery(receiver);
    const due = [
      aDelivery(receiver, { incidentId, nextAt: NOON + 3, group: 'night' }),
      aDelivery(receiver, { incidentId, seq: 1, nextAt: NOON + 1 }),
      aDelivery(receiver, { incidentId: null, nextAt: NOON + 2, group: 'night' }),
    ];
    const [first, second, third] = due;
    const rest = [
      aDelivery(receiver, { nextAt: NOON + 11 }),
      aDelivery(receiver, { leaseUntil: NOON + 11, group: 'night' }),
      aDelivery(receiver, { state: 'withheld' }),
      aDelivery(other, { group: 'night' }),
    ];
    await store.change((tx) => tx.outbox.add([...due, ...rest]));
    const dueOf = (about: { limit: number; group?: string }) =>
      store.change((tx) => tx.outbox.dueOf(receiver.id, { now: NOON + 10, ...about }));
    assert.deepEqual(await dueOf({ limit: 9 }), [second, third, first]);
    assert.deepEqual(await dueOf({ limit: 2 }), [second, third]);
    assert.deepEqual(await dueOf({ limit: 9, group: 'night' }), [third, first]);
  });
}

function erasingContract(open: OpenStore): void {
  test('what ended and is old is erased with its attempts, a few at a time, and what is owed stays', async () => {
    await using store = await open();
    const [receiver] = await addReceivers(store, 'on-call');
    const ended = DELIVERY_STATES.filter((state) => state !== 'pending').map((state, at) =>
      aDelivery(receiver, { state, createdAt: NOON + at }),
    );
    const owed = aDelivery(receiver, { createdAt: NOON - 5 });
    const fresh = aDelivery(receiver, { state: 'dead', createdAt: NOON + 100 });
    await store.change(async (tx) => {
      await tx.outbox.add([...ended, owed, fresh]);
      for (const { id } of [...ended, owed, fresh]) await tx.outbox.addAttempt(anAttempt(id));
    });
    const prune = () => store.change((tx) => tx.outbox.prune({ before: NOON + 100, limit: 2 }));
    assert.equal(await prune(), 2);
    assert.deepEqual(await list(store, 500, {}), [fresh, owed, ...ended.slice(2).toReversed()]);
    assert.deepEqual([await prune(), await prune(), await prune()], [2, 1, 0]);
    assert.deepEqual(await list(store, 500, {}), [fresh, owed]);
    const attempts = await store.read((view) => view.outbox.attemptsOf(owed.id));
    assert.equal(attempts.length, 1);
  });
}

function anAttempt(deliveryId: DeliveryId, about: Partial<DeliveryAttempt> = {}): DeliveryAttempt {
  const seen = { at: NOON, tookMs: 12, status: 503, detail: 'It said "later".' };
  return { deliveryId, outcome: 'transient', ...seen, ...about };
}

function takenAt(at: number): Partial<Delivery> {
  return { state: 'delivered', deliveredAt: at };
}

function find(store: Store, id: DeliveryId): Promise<Delivery | null> {
  return store.read((view) => view.outbox.find(id));
}

function list(store: Store, limit: number, filter: DeliveryFilter): Promise<Delivery[]> {
  return store.read((view) => allPages(limit, (page) => view.outbox.list(page, filter)));
}
