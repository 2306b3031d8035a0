/** What a claimed delivery is to say now: rendered from what is true at this moment, or moot. */
import type { Incident } from '#domain/incidents/incident.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Message } from '#domain/telling/message.ts';
import type { Receiver, ReceiverSecrets } from '#domain/telling/receiver.ts';
import { secretsAt } from '#domain/telling/signing.ts';
import type { StoreView } from '#ports/store.ts';
import { endedAs } from './announce.ts';
import type { DeliverMeans } from './deliver-means.ts';

export type Prepared =
  | {
      readonly isMoot: false;
      readonly message: Message;
      readonly receiver: Receiver;
      readonly secrets: ReceiverSecrets;
    }
  | ({ readonly isMoot: true } & Pick<Delivery, 'state' | 'reason'>);

/** Throws Problem `store_unavailable`, and `not_found` when the receiver is gone. */
export async function prepare(means: DeliverMeans, delivery: Delivery): Promise<Prepared> {
  const { store } = means.deps;
  const look = async (view: StoreView): Promise<Prepared> => {
    const { rows, incident } = await toldSoFar(view, delivery);
    const moot = mootBy(delivery, { rows, incident });
    if (moot !== null) return { isMoot: true, ...moot };
    const receiver = await view.receivers.find(delivery.receiverId);
    if (receiver === null) return superseded('Its receiver is gone.');
    const secrets = secretsAt(await view.receivers.secretsOf(receiver.id), means.deps.clock.now());
    const message = await means.render(view, { delivery: asTold(delivery, rows), receiver });
    if (message === null) return superseded('Nothing was left to tell.');
    return { isMoot: false, message, receiver, secrets };
  };
  // A digest looks at the whole fleet, and nobody is to wait for that.
  return delivery.kind === 'digest' ? store.scan(look) : store.read(look);
}

async function toldSoFar(view: StoreView, { incidentId, receiverId }: Delivery) {
  if (incidentId === null) return { rows: [], incident: null };
  return {
    rows: await view.outbox.about(incidentId, receiverId),
    incident: await view.incidents.find(incidentId),
  };
}

interface SoFar {
  readonly rows: readonly Delivery[];
  readonly incident: Incident | null;
}

/** How it ends without being sent; null when it is to be sent. */
function mootBy(
  delivery: Delivery,
  { rows, incident }: SoFar,
): Pick<Delivery, 'state' | 'reason'> | null {
  const { kind, incidentId, deliveredAt } = delivery;
  if (incidentId === null) return null;
  if (incident === null) return superseded('The incident was erased.');
  const later = rows.filter(({ id, state }) => state === 'pending' && id > delivery.id);
  // Its own id would not tell a receiver that took it before that it is over: the end has another.
  if (kind !== 'resolved' && later.some((one) => one.kind === 'resolved')) return endedAs(delivery);
  if (deliveredAt !== null && later.length > 0) return endedAs(delivery);
  const isRelieved = incident.acknowledgement !== null || incident.resolvedAt !== null;
  if (kind === 'reminder' && isRelieved) return superseded('Somebody is at it, or it is over.');
  return null;
}

/** An end without a beginning that was told is both in one message. */
function asTold(delivery: Delivery, rows: readonly Delivery[]): Delivery {
  if (delivery.kind !== 'resolved') return delivery;
  const isKnown = rows.some(
    ({ kind, state, deliveredAt }) =>
      kind !== 'resolved' && (deliveredAt !== null || state === 'merged'),
  );
  return isKnown ? delivery : { ...delivery, kind: 'opened' };
}

function superseded(reason: string) {
  return { isMoot: true, state: 'superseded', reason } as const;
}
