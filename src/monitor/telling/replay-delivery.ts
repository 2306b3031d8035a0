/** Sends a dead delivery again, under the same id: a receiver that did take it once knows it again. */
import { isId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Deps } from '#monitor/deps.ts';

/** Throws Problem `not_found`, and `conflict` for one that is not dead. */
export async function replayDelivery(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  id: string,
): Promise<Delivery> {
  return store.change(async (tx) => {
    const delivery = isId('dl', id) ? await tx.outbox.find(id) : null;
    if (delivery === null) throw new Problem('not_found', `There is no delivery ${id}.`);
    if (delivery.state !== 'dead') throw refusal(delivery);
    const now = clock.now();
    const again = { state: 'pending', reason: 'Somebody had it sent again.', nextAt: now } as const;
    const changed = await tx.outbox.settle([delivery.id], { ...again, now });
    if (changed === 0) throw refusal(delivery);
    return { ...delivery, ...again, attempts: 0 };
  });
}

const INSTEAD: Readonly<Record<Delivery['state'], string>> = {
  pending: 'it is still being sent',
  delivered: 'the receiver took it',
  superseded: 'something newer said it all',
  merged: 'a summary said it',
  withheld: 'it was not to be told',
  dead: 'somebody else has just had it sent again',
};

function refusal({ id, state }: Delivery): Problem {
  const message = `Only a dead delivery is sent again, and of ${id} that is not so: ${INSTEAD[state]}.`;
  return new Problem('conflict', message);
}
