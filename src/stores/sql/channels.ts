/** Channels: what was configured. What is known of them lies in `channel-attempts.ts`. */
import { NEVER_READ } from '#domain/channel-state.ts';
import { RECORDED_BEFORE_ALL } from '#domain/transition.ts';
import type { Channel } from '#domain/channel.ts';
import { type ChannelId, isId } from '#domain/id.ts';
import type { ChannelRow, ChannelsChange, ChannelsView } from '#ports/store.ts';
import { bodiesOf, dropUnusedBody } from './bodies.ts';
import { claimAttempt, writeState } from './channel-attempts.ts';
import { listChannels } from './channel-list.ts';
import { channelsOfEntity, countOfEntity, countUnread, nameEntities } from './channel-entities.ts';
import {
  channelsOfDigits,
  channelsOfNodes,
  labelsOfChannels,
  namedChannels,
} from './channel-lookup.ts';
import { outdatedChannels } from './outdated.ts';
import { channelOf, columnsOf, narrowOf, rowOf, rowsOf, wideOf } from './channel-row.ts';
import { refuseTaken } from './conflict.ts';
import type { Db, Engine } from './engine.ts';
import { forgetSentinel } from './incident-members.ts';
import { placeOf } from './channel-place.ts';
import { nextDueAt } from '#domain/schedule.ts';

const LOCKED = ['channels', 'channel_attempts', 'channel_states'] as const;

/** The tables whose rows belong to one channel. */
const HANGING_ON_CHANNELS = [
  'api_keys',
  'channel_labels',
  'channel_attempts',
  'channel_states',
  'transitions',
  'profiles',
  'channel_entities',
  'signs',
  'incident_members',
  'incident_events',
  'signals',
  'hinted_reads',
] as const;

export function channelsView(db: Db, engine: Engine): ChannelsView {
  return {
    find: (ref) => findChannel(db, ref, { isLocking: false }),
    findRow: (ref) => findRow(db, ref, { isLocking: false }),
    list: (page, filter = {}) => listChannels(db, page, filter),
    async archivedBefore(at, limit) {
      const rows = await db
        .selectFrom('channels')
        .innerJoin('channel_states', 'channel_states.channel_id', 'channels.id')
        .selectAll('channels')
        .select('channel_states.identity')
        .where('channels.archived_at', '<', at)
        .orderBy('channels.archived_at')
        .orderBy('channels.id')
        .limit(limit)
        .execute();
      return rows.map(channelOf);
    },
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
    namesOf: (ids) => namedChannels(db, engine, ids),
    labelsOf: (ids) => labelsOfChannels(db, engine, ids),
    ofNodes: (nodeIds) => channelsOfNodes(db, engine, nodeIds),
    ofDigits: (digits) => channelsOfDigits(db, engine, digits),
    ofEntity: (entity, page) => channelsOfEntity(db, entity, page),
    countOfEntity: (entity) => countOfEntity(db, entity),
    countUnread: (entity, since) => countUnread(db, entity, since),
    outdated: (about) => outdatedChannels(db, about),
  };
}

export function channelsChange(db: Db, engine: Engine): ChannelsChange {
  const announce = (id: ChannelId) => engine.announce(db, { noun: 'channel', ref: id });
  const announceKeys = async (id: ChannelId) => {
    const keys = db.selectFrom('api_keys').select('hash').where('channel_id', '=', id);
    for (const { hash } of await keys.execute()) {
      await engine.announce(db, { noun: 'key', ref: hash });
    }
  };
  return {
    ...channelsView(db, engine),
    find: (ref) => findChannel(db, ref, { isLocking: engine.rowLocks }),
    findRow: (ref) => findRow(db, ref, { isLocking: engine.rowLocks }),
    add: (channel) => addChannel(db, channel),
    async replace(channel) {
      await replaceChannel(db, channel);
      await announce(channel.id);
    },
    async archive(id, at) {
      await announceKeys(id);
      await archiveChannel(db, id, at);
      await announce(id);
    },
    async purge(id) {
      await announceKeys(id);
      await purgeChannel(db, id);
      await announce(id);
    },
    claim: (id, now, leaseMs) => claimAttempt(db, id, { now, leaseMs }),
    writeState: (id, state, body) => writeState({ db, engine }, id, { state, body }),
    dropBody: (hash) => dropUnusedBody(db, hash),
    nameEntities: (id, entities) => nameEntities(db, id, entities),
  };
}

async function findChannel(
  db: Db,
  ref: string,
  { isLocking }: { readonly isLocking: boolean },
): Promise<Channel | null> {
  const row = await db
    .selectFrom('channels')
    .innerJoin('channel_states', 'channel_states.channel_id', 'channels.id')
    .selectAll('channels')
    .select('channel_states.identity')
    .where(isId('ch', ref) ? 'channels.id' : 'channels.name', '=', ref)
    .$if(!isId('ch', ref), (query) => query.where('channels.archived_at', 'is', null))
    .$if(isLocking, (query) => query.forNoKeyUpdate('channels'))
    .executeTakeFirst();
  return row === undefined ? null : channelOf(row);
}

/** Locks all three rows: of one that it did not lock it would show what was there before it waited. */
async function findRow(
  db: Db,
  ref: string,
  { isLocking }: { readonly isLocking: boolean },
): Promise<ChannelRow | null> {
  const row = await rowsOf(db)
    .where(isId('ch', ref) ? 'channels.id' : 'channels.name', '=', ref)
    .$if(!isId('ch', ref), (query) => query.where('channels.archived_at', 'is', null))
    .$if(isLocking, (query) => query.forNoKeyUpdate(LOCKED))
    .executeTakeFirst();
  return row === undefined ? null : rowOf(row);
}

async function addChannel(db: Db, channel: Channel): Promise<void> {
  const row = { id: channel.id, ...columnsOf(channel), archived_at: null };
  await refuseTaken(taken(channel), () => db.insertInto('channels').values(row).execute());
  await addLabels(db, channel);
  const narrow = {
    channel_id: channel.id,
    claimed: 0,
    lease_until: 0,
    closely: 0,
    ...(await placeOf(db, channel)),
    pace_ms: channel.intervalMs,
    bucket: `credential:${channel.credentialId}`,
    due_at: isScheduled(channel) ? channel.createdAt : null,
    ...narrowOf(NEVER_READ),
  };
  await db.insertInto('channel_attempts').values(narrow).execute();
  const identity = channel.identity === null ? null : JSON.stringify(channel.identity);
  const wide = {
    channel_id: channel.id,
    ...wideOf(NEVER_READ),
    identity,
    messaging: RECORDED_BEFORE_ALL.messaging,
    calling: RECORDED_BEFORE_ALL.calling,
    unknown_reason: RECORDED_BEFORE_ALL.reason,
    cause: null,
    worked_messaging_at: null,
    worked_calling_at: null,
    channel_name: channel.name,
    archived: 0,
  };
  await db.insertInto('channel_states').values(wide).execute();
  const profile = {
    channel_id: channel.id,
    due_at: isScheduled(channel) ? channel.createdAt : null,
  };
  await db
    .insertInto('profiles')
    .values({ ...NO_PROFILE, ...profile })
    .execute();
}

/** What a row of `profiles` holds before the first read. */
const NO_PROFILE = {
  display_number: null,
  digits: null,
  verified_name: null,
  profile: null,
  failure: null,
  failures_in_a_row: 0,
  read_at: null,
} as const;

function isScheduled({ pausedAt, archivedAt }: Channel): boolean {
  return pausedAt === null && archivedAt === null;
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
  await reschedule(db, channel);
  await db
    .updateTable('channel_states')
    .set({ channel_name: channel.name })
    .where('channel_id', '=', channel.id)
    .where('channel_name', '<>', channel.name)
    .execute();
  await db.deleteFrom('channel_labels').where('channel_id', '=', channel.id).execute();
  await addLabels(db, channel);
}

/**
 * A channel that was resumed is due at once; a new interval holds from the present one on. With another
 * credential it falls due among the channels of that one.
 */
async function reschedule(db: Db, channel: Channel): Promise<void> {
  const { id, credentialId, intervalMs, updatedAt } = channel;
  const narrow = db.selectFrom('channel_attempts').select(['credential_id', 'slot', 'due_at']);
  const before = await narrow.where('channel_id', '=', id).executeTakeFirstOrThrow();
  const isMoved = before.credential_id !== credentialId;
  const place = isMoved ? await placeOf(db, channel) : {};
  const next = nextDueAt(before.slot, intervalMs, updatedAt);
  const resumed = before.due_at === null ? updatedAt : Math.min(before.due_at, next);
  // A pace that its budget stretches is stretched again by whoever watches the budgets.
  const set = { ...place, due_at: isScheduled(channel) ? resumed : null, pace_ms: intervalMs };
  await db.updateTable('channel_attempts').set(set).where('channel_id', '=', id).execute();
  const profile = isScheduled(channel)
    ? db.updateTable('profiles').set({ due_at: updatedAt }).where('due_at', 'is', null)
    : db.updateTable('profiles').set({ due_at: null });
  await profile.where('channel_id', '=', id).execute();
}

async function addLabels(db: Db, channel: Channel): Promise<void> {
  const about = { channel_id: channel.id, archived: 0, channel_name: channel.name };
  const rows = Object.entries(channel.labels).map(([label, value]) => ({ ...about, label, value }));
  if (rows.length > 0) await db.insertInto('channel_labels').values(rows).execute();
}

async function archiveChannel(db: Db, id: ChannelId, at: number): Promise<void> {
  const archive = db.updateTable('channels').set({ archived_at: at }).where('id', '=', id);
  await archive.where('archived_at', 'is', null).execute();
  const narrow = db.updateTable('channel_attempts').set({ due_at: null });
  await narrow.where('channel_id', '=', id).execute();
  const profile = db.updateTable('profiles').set({ due_at: null });
  await profile.where('channel_id', '=', id).execute();
  const wide = db.updateTable('channel_states').set({ archived: 1 });
  await wide.where('channel_id', '=', id).execute();
  const labels = db.updateTable('channel_labels').set({ archived: 1 });
  await labels.where('channel_id', '=', id).execute();
  const keys = db.updateTable('api_keys').set({ revoked_at: at }).where('channel_id', '=', id);
  await keys.where('revoked_at', 'is', null).execute();
}

async function purgeChannel(db: Db, id: ChannelId): Promise<void> {
  const bodies = await bodiesOf(db, id);
  await forgetSentinel(db, id);
  for (const table of HANGING_ON_CHANNELS) {
    await db.deleteFrom(table).where('channel_id', '=', id).execute();
  }
  await db.deleteFrom('channels').where('id', '=', id).execute();
  for (const hash of bodies) await dropUnusedBody(db, hash);
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
