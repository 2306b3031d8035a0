/** Channels: what was configured. What is known of them lies in `channel-attempts.ts`. */
import { NEVER_READ } from '#domain/channel-state.ts';
import type { Channel } from '#domain/channel.ts';
import { type ChannelId, isId } from '#domain/id.ts';
import type { ChannelsChange, ChannelsView } from '#ports/store.ts';
import { dropUnusedBody } from './bodies.ts';
import { claimAttempt, writeState } from './channel-attempts.ts';
import { listChannels } from './channel-list.ts';
import { channelOf, columnsOf, narrowOf, rowOf, rowsOf, wideOf } from './channel-row.ts';
import { refuseTaken } from './conflict.ts';
import type { Db } from './engine.ts';

/** The tables whose rows belong to one channel. */
const HANGING_ON_CHANNELS = [
  'api_keys',
  'channel_labels',
  'channel_attempts',
  'channel_states',
] as const;

export function channelsView(db: Db): ChannelsView {
  return {
    async find(ref) {
      const row = await db
        .selectFrom('channels')
        .innerJoin('channel_states', 'channel_states.channel_id', 'channels.id')
        .selectAll('channels')
        .select('channel_states.identity')
        .where(isId('ch', ref) ? 'channels.id' : 'channels.name', '=', ref)
        .$if(!isId('ch', ref), (query) => query.where('channels.archived_at', 'is', null))
        .executeTakeFirst();
      return row === undefined ? null : channelOf(row);
    },
    async findRow(ref) {
      const row = await rowsOf(db)
        .where(isId('ch', ref) ? 'channels.id' : 'channels.name', '=', ref)
        .$if(!isId('ch', ref), (query) => query.where('channels.archived_at', 'is', null))
        .executeTakeFirst();
      return row === undefined ? null : rowOf(row);
    },
    list: (page, filter = {}) => listChannels(db, page, filter),
    async bodyOf(id) {
      const row = await db
        .selectFrom('channel_states')
        .innerJoin('bodies', 'bodies.hash', 'channel_states.body_hash')
        .select('bodies.bytes')
        .where('channel_states.channel_id', '=', id)
        .executeTakeFirst();
      return row?.bytes ?? null;
    },
    async count() {
      const { channels } = await db
        .selectFrom('channels')
        .select((eb) => eb.fn.countAll().as('channels'))
        .where('archived_at', 'is', null)
        .executeTakeFirstOrThrow();
      return Number(channels);
    },
  };
}

export function channelsChange(db: Db): ChannelsChange {
  return {
    ...channelsView(db),
    add: (channel) => addChannel(db, channel),
    replace: (channel) => replaceChannel(db, channel),
    archive: (id, at) => archiveChannel(db, id, at),
    purge: (id) => purgeChannel(db, id),
    claim: (id, now, leaseMs) => claimAttempt(db, id, { now, leaseMs }),
    writeState: (id, state, body) => writeState(db, id, { state, body }),
  };
}

async function addChannel(db: Db, channel: Channel): Promise<void> {
  const row = { id: channel.id, ...columnsOf(channel), archived_at: null };
  await refuseTaken(taken(channel), () => db.insertInto('channels').values(row).execute());
  await addLabels(db, channel);
  const narrow = { channel_id: channel.id, claimed: 0, lease_until: 0, ...narrowOf(NEVER_READ) };
  await db.insertInto('channel_attempts').values(narrow).execute();
  const identity = channel.identity === null ? null : JSON.stringify(channel.identity);
  const wide = { channel_id: channel.id, ...wideOf(NEVER_READ), identity };
  await db.insertInto('channel_states').values(wide).execute();
}

async function replaceChannel(db: Db, channel: Channel): Promise<void> {
  const { numUpdatedRows } = await refuseTaken(taken(channel), () =>
    db
      .updateTable('channels')
      .set(columnsOf(channel))
      .where('id', '=', channel.id)
      .where('archived_at', 'is', null)
      .executeTakeFirstOrThrow(),
  );
  if (numUpdatedRows === 0n) return;
  await db.deleteFrom('channel_labels').where('channel_id', '=', channel.id).execute();
  await addLabels(db, channel);
}

async function addLabels(db: Db, channel: Channel): Promise<void> {
  const about = { channel_id: channel.id, archived: 0, channel_name: channel.name };
  const rows = Object.entries(channel.labels).map(([label, value]) => ({ ...about, label, value }));
  if (rows.length > 0) await db.insertInto('channel_labels').values(rows).execute();
}

async function archiveChannel(db: Db, id: ChannelId, at: number): Promise<void> {
  const archive = db.updateTable('channels').set({ archived_at: at }).where('id', '=', id);
  await archive.where('archived_at', 'is', null).execute();
  const labels = db.updateTable('channel_labels').set({ archived: 1 });
  await labels.where('channel_id', '=', id).execute();
  const keys = db.updateTable('api_keys').set({ revoked_at: at }).where('channel_id', '=', id);
  await keys.where('revoked_at', 'is', null).execute();
}

async function purgeChannel(db: Db, id: ChannelId): Promise<void> {
  const states = db.selectFrom('channel_states').select('body_hash').where('channel_id', '=', id);
  const body = (await states.executeTakeFirst())?.body_hash ?? null;
  for (const table of HANGING_ON_CHANNELS) {
    await db.deleteFrom(table).where('channel_id', '=', id).execute();
  }
  await db.deleteFrom('channels').where('id', '=', id).execute();
  await dropUnusedBody(db, body);
}

function taken(channel: Channel): Record<string, string> {
  return {
    channels_id: `There is a channel with the id ${channel.id} already.`,
    channels_name: `Another channel has the name "${channel.name}"; choose another name.`,
    channels_external_id:
      `Another channel has the external id "${channel.externalId}"; ` +
      'give each channel its own, or none.',
    channels_upstream_node_id: `Another channel watches the node ${channel.nodeId} already.`,
    channels_credential_id:
      'Another channel uses this 360dialog key already; a key answers about one number only.',
  };
}
