/** What a program makes due itself is told to it too: it need not wait until it looks again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '#ports/store.ts';
import { NOON } from '#test/contracts/store/acme.ts';
import { addReceivers, aDelivery } from '#test/contracts/store/acme-telling.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';

export function ownDuesContract(open: OpenStore): void {
  test('what a program makes due it hears itself, once for each change and after its commit', async () => {
    await using store = await open();
    const heard = hearing(store);
    const [receiver] = await addReceivers(store, 'on-call');
    await store.change(async (tx) => {
      await tx.outbox.add([aDelivery(receiver)]);
      await tx.outbox.add([aDelivery(receiver)]);
      assert.deepEqual(heard, []);
    });
    assert.deepEqual(heard, ['delivery:due']);
  });

  test('what is not due, and what was not committed, is told to nobody', async () => {
    await using store = await open();
    const heard = hearing(store);
    const [receiver] = await addReceivers(store, 'on-call');
    const later = aDelivery(receiver, { nextAt: NOON + 90 });
    await store.change((tx) => tx.outbox.add([later, aDelivery(receiver, { state: 'withheld' })]));
    const undone = store.change(async (tx) => {
      await tx.outbox.add([aDelivery(receiver)]);
      throw new Error('the change is undone');
    });
    await assert.rejects(undone, /undone/);
    assert.deepEqual(heard, []);
  });

  test('whoever hears of it may ask the store at once', async () => {
    await using store = await open();
    const asked = Promise.withResolvers<number | null>();
    store.follow(() => {
      asked.resolve(store.read((view) => view.outbox.oldestDueAt(NOON)));
    });
    const [receiver] = await addReceivers(store, 'on-call');
    await store.change((tx) => tx.outbox.add([aDelivery(receiver)]));
    assert.equal(await asked.promise, NOON);
  });
}

function hearing(store: Store): string[] {
  const heard: string[] = [];
  store.follow(({ noun, ref }) => void heard.push(`${noun}:${ref}`));
  return heard;
}
