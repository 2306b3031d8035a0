/** What an operator observes of deliveries. */
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import type { Deps } from '#monitor/deps.ts';
import type { Attempt, Written } from './write-attempt.ts';

type Means = Pick<Deps, 'events' | 'clock'>;

/** After the commit. */
export function tellWritten(
  deps: Means,
  { attempt, written }: { readonly attempt: Attempt; readonly written: Written },
): void {
  const { receiver, sent } = attempt;
  const { delivery, isBreaking } = written;
  const { id: deliveryId, kind } = delivery;
  if (sent.outcome !== 'delivered') {
    const { outcome } = sent;
    const { attempts, state } = delivery;
    const nextAt = state === 'pending' ? delivery.nextAt : null;
    deps.events.emit('delivery_failed', {
      deliveryId,
      receiver: receiver.name,
      kind,
      outcome,
      detail: sent.detail,
      attempts,
      nextAt,
    });
  }
  const isFirst = attempt.delivery.deliveredAt === null;
  const isTaken = sent.outcome === 'delivered' && isFirst;
  if (isTaken) tellFinished(deps, receiver.name, { ...delivery, state: 'delivered' });
  else if (delivery.state === 'dead') tellFinished(deps, receiver.name, delivery);
  if (isBreaking) {
    const detail = 'detail' in sent ? sent.detail : '';
    deps.events.emit('receiver_broken', {
      receiverId: receiver.id,
      receiver: receiver.name,
      detail,
    });
  }
}

/** Of one that ended without being sent. */
export function tellEnded(deps: Means, receiver: Receiver, delivery: Delivery): void {
  tellFinished(deps, receiver.name, delivery);
}

function tellFinished({ events, clock }: Means, receiver: string, delivery: Delivery): void {
  const { id: deliveryId, kind, state: outcome, createdAt } = delivery;
  const tookMs = Math.max(0, clock.now() - createdAt);
  events.emit('delivery_finished', { deliveryId, receiver, kind, outcome, tookMs });
}
