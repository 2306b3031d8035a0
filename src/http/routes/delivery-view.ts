/** Deliveries as the API shows them: by the number of the incident and the name of the receiver. */
import type { Answer } from '#api/call.ts';
import type { IncidentId, ReceiverId } from '#domain/id.ts';
import type { Delivery, DeliveryAttempt } from '#domain/telling/delivery.ts';
import type { StoreView } from '#ports/store.ts';
import { timestampOf, timestampOrNull } from './handler.ts';
import type { Link } from './names.ts';

type DeliveryView = Answer<'listDeliveries'>['body']['items'][number];
type WithAttempts = Answer<'getDelivery'>['body'];

interface Names {
  readonly numbers: ReadonlyMap<IncidentId, number>;
  readonly receivers: ReadonlyMap<ReceiverId, Link>;
}

export async function deliveryViews(
  view: StoreView,
  deliveries: readonly Delivery[],
): Promise<DeliveryView[]> {
  const names = await namesOf(view, deliveries);
  return deliveries.map((delivery) => deliveryView(delivery, names));
}

export async function deliveryWithAttempts(
  view: StoreView,
  delivery: Delivery,
): Promise<WithAttempts> {
  const [shown] = await deliveriesWithAttempts(view, [delivery]);
  if (shown === undefined) throw new Error('one delivery gave no view');
  return shown;
}

export async function deliveriesWithAttempts(
  view: StoreView,
  deliveries: readonly Delivery[],
): Promise<WithAttempts[]> {
  const views = await deliveryViews(view, deliveries);
  const shown: WithAttempts[] = [];
  for (const [index, { id }] of deliveries.entries()) {
    const one = views[index];
    if (one === undefined) continue;
    shown.push({ ...one, attempts: (await view.outbox.attemptsOf(id)).map(attemptView) });
  }
  return shown;
}

async function namesOf(view: StoreView, deliveries: readonly Delivery[]): Promise<Names> {
  const ids = new Set(deliveries.flatMap(({ incidentId }) => incidentId ?? []));
  const incidents = await view.incidents.findAll([...ids]);
  return {
    numbers: new Map(incidents.map(({ id, number }) => [id, number])),
    receivers: await receiverLinks(view),
  };
}

/** All receivers: there are few of them. */
export async function receiverLinks(view: StoreView): Promise<ReadonlyMap<ReceiverId, Link>> {
  return new Map((await view.receivers.all()).map(({ id, name }) => [id, { id, name }]));
}

function deliveryView(delivery: Delivery, { numbers, receivers }: Names): DeliveryView {
  const { incidentId, receiverId, state } = delivery;
  const number = incidentId === null ? undefined : numbers.get(incidentId);
  return {
    id: delivery.id,
    incident: incidentId === null || number === undefined ? null : { id: incidentId, number },
    receiver: receivers.get(receiverId) ?? { id: receiverId, name: receiverId },
    kind: delivery.kind,
    seq: delivery.seq,
    urgency: delivery.urgency,
    severity: delivery.severity,
    state,
    reason: delivery.reason,
    rule: delivery.rule,
    labels: delivery.labels,
    created_at: timestampOf(delivery.createdAt),
    next_at: state === 'pending' ? timestampOf(delivery.nextAt) : null,
    attempts_made: delivery.attempts,
    delivered_at: timestampOrNull(delivery.deliveredAt),
    merged_into: delivery.mergedInto,
  };
}

function attemptView(attempt: DeliveryAttempt): WithAttempts['attempts'][number] {
  const { at, tookMs, outcome, status, detail } = attempt;
  return { at: timestampOf(at), took_ms: tookMs, outcome, status, detail };
}
