/** Who sends what: claims of deliveries, their order, their leases and their fence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Store } from '#ports/store.ts';
import { NOON } from '#test/contracts/store/acme.ts';
import { addReceivers, aDelivery, anIncidentId } from '#test/contracts/store/acme-telling.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';

const LEASE_MS = 30_000;

export function claimsOfDeliveriesContract(open: OpenStore): void {
  turnContract(open);
  receiverContract(open);
  fenceContract(open);
  crowdContract(open);
}

function turnContract(open: OpenStore): void {
  test('what is due is claimed in the order in which it fell due, with a lease', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const [third, first, second, later] = [
      aDelivery(receiver, { nextAt: NOON + 3 }),
      aDelivery(other, { nextAt: NOON + 1 }),
      aDelivery(receiver, { nextAt: NOON + 2 }),
      aDelivery(receiver, { nextAt: NOON + 4 }),
    ];
    const ended = aDelivery(receiver, { state: 'superseded' });
    await store.change((tx) => tx.outbox.add([third, first, second, later, ended]));
    assert.deepEqual(await claim(store, NOON), []);
    const two = await claim(store, NOON + 3, { limit: 2 });
    const leased = { claim: 1, leaseUntil: NOON + 3 + LEASE_MS };
    assert.deepEqual(two, [
      { ...first, ...leased },
      { ...second, ...leased },
    ]);
    assert.deepEqual(await claim(store, NOON + 3), [{ ...third, ...leased }]);
    assert.deepEqual(await claim(store, NOON + 3), []);
  });

  test('of an incident a receiver gets one message after the other, whatever is due', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const incidentId = anIncidentId();
    const opened = aDelivery(receiver, { incidentId, nextAt: NOON + 5 });
    const resolved = aDelivery(receiver, { incidentId, kind: 'resolved', nextAt: NOON + 1 });
    const elsewhere = aDelivery(other, { incidentId, kind: 'resolved', nextAt: NOON + 2 });
    await store.change((tx) => tx.outbox.add([resolved, opened, elsewhere]));
    // The first is still to be tried again: whoever comes after it waits.
    assert.deepEqual(idsOf(await claim(store, NOON + 4)), [elsewhere.id]);
    const [sending] = await claim(store, NOON + 5);
    assert.equal(sending?.id, opened.id);
    assert.deepEqual(await claim(store, NOON + 6), []);
    assert.ok(await finish(store, sending, { state: 'pending', nextAt: NOON + 20 }));
    assert.deepEqual(await claim(store, NOON + 19), []);
    const [again] = await claim(store, NOON + 20);
    assert.deepEqual([again?.id, again?.claim], [opened.id, 2]);
    assert.ok(await finish(store, again, { state: 'delivered', deliveredAt: NOON + 21 }));
    assert.deepEqual(idsOf(await claim(store, NOON + 21)), [resolved.id]);
  });

  test('while a later one of a pair is being sent, an earlier one that came late waits', async () => {
    await using store = await open();
    const [receiver] = await addReceivers(store, 'on-call');
    const incidentId = anIncidentId();
    const early = aDelivery(receiver, { incidentId });
    const late = aDelivery(receiver, { incidentId, kind: 'worse' });
    await store.change((tx) => tx.outbox.add([late]));
    assert.deepEqual(idsOf(await claim(store, NOON)), [late.id]);
    await store.change((tx) => tx.outbox.add([early]));
    assert.deepEqual(await claim(store, NOON), []);
    assert.deepEqual(idsOf(await claim(store, NOON + LEASE_MS)), [early.id]);
  });

  test('what is of no incident waits for nothing', async () => {
    await using store = await open();
    const [receiver] = await addReceivers(store, 'on-call');
    const tests = [1, 2, 3].map(() => aDelivery(receiver, { incidentId: null, kind: 'test' }));
    await store.change((tx) => tx.outbox.add(tests));
    assert.deepEqual(idsOf(await claim(store, NOON)), idsOf(tests));
  });
}

function receiverContract(open: OpenStore): void {
  test('nothing is claimed for a receiver that is held, until it no longer is', async () => {
    await using store = await open();
    const [held, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const [waiting, sent] = [aDelivery(held), aDelivery(other)];
    const mark = { brokenAt: null, failuresInARow: 1, heldUntil: NOON + 9 };
    await store.change(async (tx) => {
      await tx.receivers.mark(held.id, mark);
      await tx.outbox.add([waiting, sent]);
    });
    assert.deepEqual(idsOf(await claim(store, NOON + 8)), [sent.id]);
    assert.deepEqual(idsOf(await claim(store, NOON + 9)), [waiting.id]);
  });

  test('a receiver that hangs takes no more places than it may', async () => {
    await using store = await open();
    const [hanging, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const many = [1, 2, 3, 4, 5].map(() => aDelivery(hanging));
    const few = [1, 2].map(() => aDelivery(other, { nextAt: NOON + 1 }));
    await store.change((tx) => tx.outbox.add([...many, ...few]));
    const now = NOON + 1;
    const first = await claim(store, now, { limit: 4, perReceiver: 3 });
    assert.deepEqual(idsOf(first), idsOf([...many.slice(0, 3), ...few.slice(0, 1)]));
    const rest = await claim(store, now, { limit: 4, perReceiver: 3 });
    assert.deepEqual(idsOf(rest), idsOf(few.slice(1)));
    const after = await claim(store, now + LEASE_MS, { limit: 9, perReceiver: 3 });
    assert.equal(after.filter(({ receiverId }) => receiverId === hanging.id).length, 3);
  });

  test('what waits for a receiver that is held, or for an earlier one, is not what is due', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const oldest = () => store.read((view) => view.outbox.oldestDueAt(NOON + 10));
    const { incidentId } = aDelivery(receiver);
    const later = [
      aDelivery(receiver, { incidentId, kind: 'opened', nextAt: NOON + 60_000 }),
      aDelivery(receiver, { incidentId, kind: 'resolved', nextAt: NOON + 1 }),
    ];
    await store.change((tx) => tx.outbox.add([...later, aDelivery(other, { nextAt: NOON + 2 })]));
    assert.equal(await oldest(), NOON + 2);
    const held = { brokenAt: null, failuresInARow: 0, heldUntil: NOON + 60_000 };
    await store.change((tx) => tx.receivers.mark(other.id, held));
    assert.equal(await oldest(), null);
  });
}

function fenceContract(open: OpenStore): void {
  test('how a claim ended is written as a whole, once', async () => {
    await using store = await open();
    const [receiver] = await addReceivers(store, 'on-call');
    const delivery = aDelivery(receiver);
    await store.change((tx) => tx.outbox.add([delivery]));
    const [claimed] = await claim(store, NOON);
    const end = {
      state: 'delivered',
      reason: 'Taken.',
      attempts: 1,
      deliveredAt: NOON + 2,
    } as const;
    assert.ok(await finish(store, claimed, { ...end, isPlain: true }));
    const found = await store.read((view) => view.outbox.find(delivery.id));
    assert.deepEqual(found, { ...delivery, ...end, claim: 1, leaseUntil: 0, isPlain: true });
    assert.equal(await finish(store, claimed, { state: 'dead' }), false);
    assert.deepEqual(await store.read((view) => view.outbox.find(delivery.id)), found);
    assert.equal(await finish(store, { ...delivery, id: 'dl_nothing' }, {}), false);
  });

  test('who was overtaken writes nothing', async () => {
    await using store = await open();
    const [receiver] = await addReceivers(store, 'on-call');
    await store.change((tx) => tx.outbox.add([aDelivery(receiver)]));
    const [slow] = await claim(store, NOON);
    assert.deepEqual(await claim(store, NOON + LEASE_MS - 1), []);
    const [next] = await claim(store, NOON + LEASE_MS);
    assert.deepEqual([next?.id, next?.claim], [slow?.id, 2]);
    assert.equal(await finish(store, slow, { state: 'dead' }), false);
    assert.ok(await finish(store, next, { state: 'delivered' }));
  });
}

function crowdContract(open: OpenStore): void {
  test('of many who claim at once, no two get the same or two of one pair', async () => {
    await using store = await open();
    const receivers = await addReceivers(store, 'on-call', 'mail', 'chat');
    const incidents = Array.from({ length: 10 }, () => anIncidentId());
    const all = (['opened', 'worse', 'resolved'] as const).flatMap((kind) =>
      incidents.flatMap((incidentId) =>
        receivers.map((receiver) => aDelivery(receiver, { incidentId, kind })),
      ),
    );
    await store.change((tx) => tx.outbox.add(all));
    const sent: Delivery[] = [];
    for (let round = 0; sent.length < all.length; round += 1) {
      assert.ok(round < 90, 'it does not end');
      const claims = await Promise.all([7, 7, 7, 7].map((limit) => claim(store, NOON, { limit })));
      const claimed = claims.flat();
      for (const some of claims) assert.ok(some.length <= 7);
      assert.equal(new Set(claimed.map(pairOf)).size, claimed.length);
      for (const one of claimed) assert.ok(await finish(store, one, { state: 'delivered' }));
      sent.push(...claimed);
    }
    assert.equal(new Set(idsOf(sent)).size, all.length);
    for (const pair of new Set(all.map(pairOf))) {
      const kinds = sent.filter((one) => pairOf(one) === pair).map(({ kind }) => kind);
      assert.deepEqual(kinds, ['opened', 'worse', 'resolved']);
    }
  });
}

function pairOf({ incidentId, receiverId }: Delivery): string {
  return `${incidentId} ${receiverId}`;
}

function idsOf(deliveries: readonly Delivery[]): readonly string[] {
  return deliveries.map(({ id }) => id);
}

function claim(
  store: Store,
  now: number,
  about: { limit?: number; perReceiver?: number } = {},
): Promise<readonly Delivery[]> {
  const wish = { now, limit: 100, leaseMs: LEASE_MS, ...about };
  return store.change((tx) => tx.outbox.claimDue(wish));
}

function finish(
  store: Store,
  claimed: Delivery | undefined,
  end: Partial<Delivery>,
): Promise<boolean> {
  assert.ok(claimed, 'nothing was claimed');
  return store.change((tx) => tx.outbox.finish({ ...claimed, ...end }));
}
