import type { Answer } from '#api/call.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import { RECEIVER_KINDS } from '#domain/telling/receiver.ts';
import { pageOfAll } from '#http/all-pages.ts';
import type { HttpContext } from '#http/context.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import type { ReceiverTools } from '#monitor/telling/put-receiver.ts';
import { putReceiver, removeReceiver } from '#monitor/telling/put-receiver.ts';
import { rotateReceiver } from '#monitor/telling/rotate-receiver.ts';
import { testReceiver } from '#monitor/telling/test-receiver.ts';
import { deliveryWithAttempts } from './delivery-view.ts';
import type { Handlers } from './handler.ts';
import { found, timestampOf, timestampOrNull } from './handler.ts';

export const receiverRoutes: Handlers<
  | 'listReceiverKinds'
  | 'listReceivers'
  | 'getReceiver'
  | 'putReceiver'
  | 'rotateReceiver'
  | 'testReceiver'
  | 'removeReceiver'
> = {
  async listReceiverKinds(_input, { notifiers }) {
    const items = RECEIVER_KINDS.map((kind) => ({
      kind,
      fields: notifiers[kind].fields.map(({ name, what, isSecret, isRequired }) => {
        return { name, what, is_secret: isSecret, is_required: isRequired };
      }),
    }));
    return { status: 200, body: { items } };
  },

  async listReceivers({ query }, { monitor, clock }) {
    const request = pageRequestOf(query);
    const all = await monitor.deps.store.read((view) => view.receivers.all());
    const { items, next } = pageOfAll(all, request);
    const now = clock.now();
    const body = { items: items.map((one) => receiverView(one, now)), next_cursor: cursorOf(next) };
    return { status: 200, body };
  },

  async getReceiver({ params: { ref } }, { monitor, clock }) {
    const receiver = await monitor.deps.store.read((view) => view.receivers.find(ref));
    return { status: 200, body: receiverView(found(receiver, 'receiver', ref), clock.now()) };
  },

  async putReceiver({ params: { ref }, body }, context) {
    const { receiver, created, made } = await putReceiver(toolsOf(context), ref, {
      ...body,
      secrets: body.secrets ?? 'keep',
    });
    const shown = { ...receiverView(receiver, context.clock.now()), made_secret: made };
    return { status: created ? 201 : 200, body: shown };
  },

  async rotateReceiver({ params: { ref }, body: wish }, context) {
    const done = await rotateReceiver(toolsOf(context), ref, wish);
    const body = {
      receiver: receiverView(done.receiver, context.clock.now()),
      field: done.field,
      text: done.made,
      previous_until: timestampOrNull(done.previousUntil),
    };
    return { status: 200, body };
  },

  async testReceiver({ params: { ref } }, context) {
    const delivery = await testReceiver(toolsOf(context), ref);
    const { store } = context.monitor.deps;
    const body = await store.read((view) => deliveryWithAttempts(view, delivery));
    return { status: 201, body };
  },

  async removeReceiver({ params: { ref } }, context) {
    await removeReceiver(toolsOf(context), ref);
    return { status: 204, body: undefined };
  },
};

function toolsOf({ monitor: { deps }, notifiers }: HttpContext): ReceiverTools {
  return { deps, notifiers };
}

function receiverView(receiver: Receiver, now: number): Answer<'getReceiver'>['body'] {
  const { heldUntil } = receiver;
  return {
    id: receiver.id,
    name: receiver.name,
    kind: receiver.kind,
    urgency: receiver.urgency,
    settings: receiver.settings,
    hint: receiver.hint,
    zone: receiver.zone,
    created_at: timestampOf(receiver.createdAt),
    updated_at: timestampOf(receiver.updatedAt),
    broken_at: timestampOrNull(receiver.brokenAt),
    failures_in_a_row: receiver.failuresInARow,
    held_until: heldUntil > now ? timestampOf(heldUntil) : null,
  };
}
