import { isId } from '#domain/id.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import { replayDelivery } from '#monitor/telling/replay-delivery.ts';
import type { DeliveryFilter } from '#ports/outbox.ts';
import type { StoreView } from '#ports/store.ts';
import { deliveryViews, deliveryWithAttempts } from './delivery-view.ts';
import type { Handlers } from './handler.ts';
import { found } from './handler.ts';

export const deliveryRoutes: Handlers<'listDeliveries' | 'getDelivery' | 'replayDelivery'> = {
  async listDeliveries({ query }, { monitor }) {
    const request = pageRequestOf(query);
    return monitor.deps.store.read(async (view) => {
      const { items, next } = await view.outbox.list(request, await filterOf(view, query));
      const body = { items: await deliveryViews(view, items), next_cursor: cursorOf(next) };
      return { status: 200, body };
    });
  },

  async getDelivery({ params: { id } }, { monitor }) {
    return monitor.deps.store.read(async (view) => {
      const delivery = isId('dl', id) ? await view.outbox.find(id) : null;
      const body = await deliveryWithAttempts(view, found(delivery, 'delivery', id));
      return { status: 200, body };
    });
  },

  async replayDelivery({ params: { id } }, { monitor: { deps } }) {
    const delivery = await replayDelivery(deps, id);
    const body = await deps.store.read((view) => deliveryWithAttempts(view, delivery));
    return { status: 200, body };
  },
};

async function filterOf(
  view: StoreView,
  query: {
    readonly incident?: string | undefined;
    readonly receiver?: string | undefined;
    readonly state: NonNullable<DeliveryFilter['states']>;
  },
): Promise<DeliveryFilter> {
  const { incident, receiver, state } = query;
  const incidentId =
    incident === undefined
      ? null
      : found(await view.incidents.find(incident), 'incident', incident).id;
  const receiverId =
    receiver === undefined
      ? null
      : found(await view.receivers.find(receiver), 'receiver', receiver).id;
  return {
    ...(incidentId === null ? {} : { incidentId }),
    ...(receiverId === null ? {} : { receiverId }),
    ...(state.length === 0 ? {} : { states: state }),
  };
}
