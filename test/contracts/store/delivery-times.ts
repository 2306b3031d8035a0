/** When what is owed is due after all: once siblings were read, and once a receiver takes something again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeliveryId } from '#domain/id.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Store } from '#ports/store.ts';
import { NOON } from '#test/contracts/store/acme.ts';
import { addReceivers, aDelivery, anIncidentId } from '#test/contracts/store/acme-telling.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';

export function deliveryTimesContract(open: OpenStore): void {
  releaseContract(open);
  hasteContract(open);
}

function releaseContract(open: OpenStore): void {
  test('what waits for siblings is released, and what waits for anything else is not', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const incidentId = anIncidentId();
    const later = { incidentId, nextAt: NOON + 90 };
    const opened = [receiver, other].map((one) => aDelivery(one, later));
    const rest = [
      aDelivery(receiver, { ...later, kind: 'reminder' }),
      aDelivery(receiver, { ...later, seq: 1, attempts: 1 }),
      aDelivery(receiver, { ...later, seq: 2, group: 'night' }),
      aDelivery(receiver, { ...later, seq: 3, state: 'withheld' }),
      aDelivery(receiver, { ...later, seq: 4, nextAt: NOON }),
      aDelivery(receiver, { nextAt: NOON + 90 }),
    ];
    await store.change((tx) => tx.outbox.add([...opened, ...rest]));
    await store.change((tx) => tx.outbox.release(incidentId, NOON + 7));
    for (const one of opened) {
      assert.deepEqual(await find(store, one.id), { ...one, nextAt: NOON + 7 });
    }
    for (const one of rest) assert.deepEqual(await find(store, one.id), one);
  });
}

function hasteContract(open: OpenStore): void {
  test('what a receiver refused comes at once, and what waits for anything else does not', async () => {
    await using store = await open();
    const [receiver, other] = await addReceivers(store, 'on-call', 'mail');
    assert.ok(other);
    const later = { nextAt: NOON + 90, attempts: 2 };
    const refused = aDelivery(receiver, later);
    const rest = [
      aDelivery(other, later),
      aDelivery(receiver, { ...later, attempts: 0 }),
      aDelivery(receiver, { ...later, deliveredAt: NOON }),
      aDelivery(receiver, { ...later, state: 'dead' }),
      aDelivery(receiver, { ...later, nextAt: NOON }),
    ];
    await store.change((tx) => tx.outbox.add([refused, ...rest]));
    assert.equal(await store.change((tx) => tx.outbox.hasten(receiver.id, NOON + 7)), 1);
    assert.deepEqual(await find(store, refused.id), { ...refused, nextAt: NOON + 7 });
    for (const one of rest) assert.deepEqual(await find(store, one.id), one);
  });
}

function find(store: Store, id: DeliveryId): Promise<Delivery | null> {
  return store.read((view) => view.outbox.find(id));
}
