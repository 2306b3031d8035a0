import type { Answer, Input } from '#api/call.ts';
import { Secret } from '#domain/secret.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { removeChannel } from '#monitor/remove-channel.ts';
import type { ChannelFilter, ChannelRow, StoreView } from '#ports/store.ts';
import { channelHealthView, channelStatusView } from './channel-health-view.ts';
import type { Handlers } from './handler.ts';
import { found, timestampOf, timestampOrNull } from './handler.ts';
import type { Link } from './names.ts';
import { credentialLinks } from './names.ts';

type View = Answer<'getChannel'>['body'];
type Wish = Input<'putChannel'>['body'];

export const channelRoutes: Handlers<
  'listChannels' | 'getChannel' | 'putChannel' | 'removeChannel' | 'getChannelHealth'
> = {
  async listChannels({ query }, { monitor, clock }) {
    const request = pageRequestOf(query);
    return monitor.deps.store.read(async (view) => {
      const { items, next } = await view.channels.list(request, await filterOf(view, query));
      const body = { items: await viewsOf(view, items, clock.now()), next_cursor: cursorOf(next) };
      return { status: 200, body };
    });
  },

  async getChannel({ params: { ref } }, { monitor, clock }) {
    return monitor.deps.store.read(async (view) => {
      const row = found(await view.channels.findRow(ref), 'channel', ref);
      return { status: 200, body: await viewOf(view, row, clock.now()) };
    });
  },

  async putChannel({ params: { ref }, body }, { monitor, clock }) {
    const { channel, created } = await putChannel(monitor, ref, wishOf(body));
    const shown = await monitor.deps.store.read(async (view) => {
      const row = found(await view.channels.findRow(channel.id), 'channel', ref);
      return viewOf(view, row, clock.now());
    });
    return { status: created ? 201 : 200, body: shown };
  },

  async removeChannel({ params: { ref }, query: { purge } }, { monitor }) {
    await removeChannel(monitor, ref, { purge });
    return { status: 204, body: undefined };
  },

  async getChannelHealth({ params: { ref } }, context) {
    const facts = await context.monitor.deps.store.read(async (view) => {
      const row = found(await view.channels.findRow(ref), 'channel', ref);
      const credential = await view.credentials.find(row.channel.credentialId);
      return { ...row, billedBy: credential?.billedBy ?? 'unknown' };
    });
    return { status: 200, body: channelHealthView(facts, context) };
  },
};

async function filterOf(
  view: StoreView,
  query: Input<'listChannels'>['query'],
): Promise<ChannelFilter> {
  const labels = Object.fromEntries(
    query.label.map((label) => {
      const at = label.indexOf('=');
      return [label.slice(0, at), label.slice(at + 1)];
    }),
  );
  const { credential: ref, status, archived } = query;
  const filter = { labels, archived, ...(status === undefined ? {} : { messaging: status }) };
  if (ref === undefined) return filter;
  const credential = found(await view.credentials.find(ref), 'credential', ref);
  return { ...filter, credentialId: credential.id };
}

function wishOf(body: Wish) {
  return {
    upstream: body.upstream,
    credential: credentialWishOf(body.credential),
    nodeId: body.node_id,
    externalId: body.external_id,
    labels: body.labels,
    checkIntervalMs:
      body.check_interval_seconds === null ? null : body.check_interval_seconds * 1000,
    adoptKey: body.adopt_key ?? body.upstream === 'dialog360',
    check: body.check,
  };
}

function credentialWishOf(given: Wish['credential']) {
  if ('ref' in given) return { ref: given.ref };
  return { secret: new Secret(given.secret), billedBy: given.billed_by, app: given.app };
}

async function viewOf(view: StoreView, row: ChannelRow, now: number): Promise<View> {
  return channelView(row, await credentialLinks(view, [row.channel.credentialId]), now);
}

async function viewsOf(view: StoreView, rows: readonly ChannelRow[], now: number): Promise<View[]> {
  const ids = rows.map(({ channel }) => channel.credentialId);
  const links = await credentialLinks(view, ids);
  return rows.map((row) => channelView(row, links, now));
}

function channelView(row: ChannelRow, links: ReadonlyMap<string, Link>, now: number): View {
  const { channel } = row;
  const { credentialId, identity } = channel;
  return {
    id: channel.id,
    name: channel.name,
    external_id: channel.externalId,
    upstream: channel.upstream,
    credential: links.get(credentialId) ?? { id: credentialId, name: credentialId },
    node_id: channel.nodeId,
    labels: { ...channel.labels },
    check_interval_seconds: Math.round(channel.intervalMs / 1000),
    own_check_interval_seconds:
      channel.checkIntervalMs === null ? null : Math.round(channel.checkIntervalMs / 1000),
    identity: identity && {
      phone_number_id: identity.phoneNumberId,
      waba_id: identity.wabaId,
      business_id: identity.businessId,
      app_id: identity.appId,
    },
    status: channelStatusView(row, now),
    created_at: timestampOf(channel.createdAt),
    updated_at: timestampOf(channel.updatedAt),
    archived_at: timestampOrNull(channel.archivedAt),
  };
}
