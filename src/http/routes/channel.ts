import type { Answer, Input } from '#api/call.ts';
import { Secret } from '#domain/secret.ts';
import type { HttpContext } from '#http/context.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import { moveChannel } from '#monitor/move-channel.ts';
import { putChannel } from '#monitor/put-channel.ts';
import { readProfile } from '#monitor/read-profile.ts';
import { removeChannel } from '#monitor/remove-channel.ts';
import type { ChannelFilter, ChannelRow, StoreView } from '#ports/store.ts';
import { channelHealthView, channelStatusView } from './channel-health-view.ts';
import type { Handlers } from './handler.ts';
import { found, timestampOf, timestampOrNull } from './handler.ts';
import type { Link } from './names.ts';
import { credentialLinks } from './names.ts';
import { profileViews } from './profile-view.ts';
import type { ProfileView } from './profile-view.ts';

type View = Answer<'getChannel'>['body'];
type Wish = Input<'putChannel'>['body'];

export const channelRoutes: Handlers<
  | 'listChannels'
  | 'getChannel'
  | 'putChannel'
  | 'removeChannel'
  | 'getChannelHealth'
  | 'moveChannel'
  | 'readProfile'
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
    return { status: 200, body: await shownChannel(ref, { monitor, clock }) };
  },

  async putChannel({ params: { ref }, body }, { monitor, clock }) {
    const { channel, created } = await putChannel(monitor, ref, wishOf(body));
    const shown = await shownChannel(channel.id, { monitor, clock });
    return { status: created ? 201 : 200, body: shown };
  },

  async moveChannel({ params: { ref }, body }, { monitor, clock }) {
    const { channel, unused } = await moveChannel(monitor, ref, {
      upstream: body.upstream,
      credential: credentialWishOf(body.credential),
      nodeId: body.node_id,
      otherNumber: body.other_number,
    });
    const unused_credential = unused && { id: unused.id, name: unused.name };
    const shown = await shownChannel(channel.id, { monitor, clock });
    return { status: 200, body: { channel: shown, unused_credential } };
  },

  async readProfile({ params: { ref } }, { monitor, clock }) {
    const { store } = monitor.deps;
    const { id } = found(await store.read((view) => view.channels.find(ref)), 'channel', ref);
    await readProfile(monitor.deps, id);
    return { status: 200, body: await shownChannel(id, { monitor, clock }) };
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

function shownChannel(
  ref: string,
  { monitor, clock }: Pick<HttpContext, 'monitor' | 'clock'>,
): Promise<View> {
  return monitor.deps.store.read(async (view) => {
    const row = found(await view.channels.findRow(ref), 'channel', ref);
    return viewOf(view, row, clock.now());
  });
}

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
    ...(body.paused === undefined ? {} : { paused: body.paused }),
  };
}

function credentialWishOf(given: Wish['credential']) {
  if ('ref' in given) return { ref: given.ref };
  return { secret: new Secret(given.secret), billedBy: given.billed_by, app: given.app };
}

async function viewOf(view: StoreView, row: ChannelRow, now: number): Promise<View> {
  const [shown] = await viewsOf(view, [row], now);
  if (shown === undefined) throw new Error('one row gave no view');
  return shown;
}

async function viewsOf(view: StoreView, rows: readonly ChannelRow[], now: number): Promise<View[]> {
  const ids = rows.map(({ channel }) => channel.credentialId);
  const links = await credentialLinks(view, ids);
  const channels = rows.map(({ channel }) => channel);
  const profiles = await profileViews(view, channels);
  return rows.map((row) =>
    channelView(row, { links, now, profile: profiles.get(row.channel.id) ?? null }),
  );
}

interface Beside {
  readonly links: ReadonlyMap<string, Link>;
  readonly profile: ProfileView | null;
  readonly now: number;
}

function channelView(row: ChannelRow, { links, profile, now }: Beside): View {
  const { channel } = row;
  const { credentialId, identity } = channel;
  return {
    id: channel.id,
    name: channel.name,
    external_id: channel.externalId,
    display_number: row.names.displayNumber,
    verified_name: row.names.verifiedName,
    upstream: channel.upstream,
    credential: links.get(credentialId) ?? { id: credentialId, name: credentialId },
    node_id: channel.nodeId,
    labels: { ...channel.labels },
    check_interval_seconds: Math.round(channel.intervalMs / 1000),
    own_check_interval_seconds:
      channel.checkIntervalMs === null ? null : Math.round(channel.checkIntervalMs / 1000),
    pace_seconds: Math.round(row.paceMs / 1000),
    identity: identity && {
      phone_number_id: identity.phoneNumberId,
      waba_id: identity.wabaId,
      business_id: identity.businessId,
      app_id: identity.appId,
    },
    status: channelStatusView(row, now),
    profile,
    created_at: timestampOf(channel.createdAt),
    updated_at: timestampOf(channel.updatedAt),
    paused_at: timestampOrNull(channel.pausedAt),
    archived_at: timestampOrNull(channel.archivedAt),
  };
}
