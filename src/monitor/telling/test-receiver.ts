/** Puts a test message into the queue: it goes the way of all others, so that it proves that way. */
import type { Delivery } from '#domain/telling/delivery.ts';
import type { ReceiverTools } from './put-receiver.ts';
import { requireReceiver } from './put-receiver.ts';

/** Throws Problem `not_found`. */
export async function testReceiver(
  { deps: { store, clock, ids } }: Pick<ReceiverTools, 'deps'>,
  ref: string,
): Promise<Delivery> {
  return store.change(async (tx) => {
    const { id: receiverId, urgency } = await requireReceiver(tx, ref);
    const now = clock.now();
    const delivery: Delivery = {
      id: ids.next('dl'),
      incidentId: null,
      receiverId,
      kind: 'test',
      seq: 0,
      urgency,
      severity: 'info',
      state: 'pending',
      reason: 'Somebody asked for a test message.',
      rule: null,
      labels: null,
      group: null,
      about: null,
      createdAt: now,
      nextAt: now,
      attempts: 0,
      leaseUntil: 0,
      claim: 0,
      deliveredAt: null,
      mergedInto: null,
      isPlain: false,
    };
    await tx.outbox.add([delivery]);
    return delivery;
  });
}
