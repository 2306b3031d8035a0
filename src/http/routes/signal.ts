import type { Answer } from '#api/call.ts';
import type { Signal } from '#domain/signals/signal.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import type { StoreView } from '#ports/store.ts';
import type { SignalFilter } from '#ports/signals.ts';
import type { Handlers } from './handler.ts';
import { found, timestampOf } from './handler.ts';
import type { ChannelLink } from './names.ts';
import { channelLink, channelLinks, unnamed } from './names.ts';

export const signalRoutes: Handlers<'listSignals'> = {
  async listSignals({ query }, { monitor }) {
    const { channel, field, known } = query;
    return monitor.deps.store.read(async (view) => {
      const filter: SignalFilter = {
        ...(channel === undefined ? {} : { channel: await channelIn(view, channel) }),
        ...(field === undefined ? {} : { field }),
        ...(known === undefined ? {} : { isKnown: known === 'true' }),
      };
      const { items, next } = await view.signals.list(pageRequestOf(query), filter);
      const links = await channelLinks(
        view,
        items.flatMap(({ channelId }) => channelId ?? []),
      );
      const body = {
        items: items.map((item) => signalView(item, links)),
        next_cursor: cursorOf(next),
      };
      return { status: 200, body };
    });
  },
};

async function channelIn(view: StoreView, ref: string) {
  const { id, identity } = found(await view.channels.find(ref), 'channel', ref);
  return { id, wabaId: identity?.wabaId ?? null };
}

function signalView(
  signal: Signal,
  links: ReadonlyMap<string, ChannelLink>,
): Answer<'listSignals'>['body']['items'][number] {
  const { channelId, about, subject } = signal;
  return {
    id: signal.id,
    received_at: timestampOf(signal.receivedAt),
    source: signal.source,
    field: signal.field,
    event: signal.event,
    weight: signal.weight,
    subject: subject && { type: subject.type, id: subject.id },
    channel: channelId && (links.get(channelId) ?? channelLink(unnamed(channelId))),
    waba_id: about.wabaId,
    business_id: about.businessId,
    phone_number_id: about.phoneNumberId,
    digits: about.digits,
    template_id: about.templateId,
    code: signal.code,
    http_status: signal.httpStatus,
    count: signal.count,
    known: signal.isKnown,
    summary: signal.summary,
  };
}
