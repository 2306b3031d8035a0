/** Channels by what Meta calls them, and what people call channels: many at once, each by an index. */
import type { Channel } from '#domain/channel.ts';
import type { ChannelId } from '#domain/id.ts';
import type { NamedChannel } from '#ports/store.ts';
import { requireFew } from './bulk.ts';
import { channelOf, namesOf } from './channel-row.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds } from './json-rows.ts';

export async function channelsOfNodes(
  db: Db,
  engine: Engine,
  nodeIds: readonly string[],
): Promise<ReadonlyMap<string, Channel>> {
  requireFew(nodeIds.length);
  const rows = await watched(db)
    .where('channels.upstream', '=', 'graph')
    .where('channels.node_id', 'in', jsonIds(engine, nodeIds))
    .execute();
  return new Map(rows.map((row) => [row.node_id ?? '', channelOf(row)]));
}

export async function channelsOfDigits(
  db: Db,
  engine: Engine,
  digits: readonly string[],
): Promise<ReadonlyMap<string, Channel>> {
  requireFew(digits.length);
  const rows = await watched(db)
    .innerJoin('profiles', 'profiles.channel_id', 'channels.id')
    .select('profiles.digits')
    .where('profiles.digits', 'in', jsonIds(engine, digits))
    .orderBy('channels.id', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.digits ?? '', channelOf(row)]));
}

export async function namedChannels(
  db: Db,
  engine: Engine,
  ids: readonly ChannelId[],
): Promise<ReadonlyMap<ChannelId, NamedChannel>> {
  requireFew(ids.length);
  const rows = await db
    .selectFrom('channels')
    .innerJoin('profiles', 'profiles.channel_id', 'channels.id')
    .select(['channels.id', 'channels.name', 'profiles.display_number', 'profiles.verified_name'])
    .where('channels.id', 'in', jsonIds(engine, ids))
    .execute();
  return new Map(rows.map((row) => [row.id, { id: row.id, name: row.name, names: namesOf(row) }]));
}

export async function labelsOfChannels(
  db: Db,
  engine: Engine,
  ids: readonly ChannelId[],
): Promise<ReadonlyMap<ChannelId, Channel['labels']>> {
  requireFew(ids.length);
  const rows = await db
    .selectFrom('channels')
    .select(['id', 'labels'])
    .where('id', 'in', jsonIds(engine, ids))
    .execute();
  return new Map(rows.map(({ id, labels }) => [id, JSON.parse(labels)]));
}

function watched(db: Db) {
  return db
    .selectFrom('channels')
    .innerJoin('channel_states', 'channel_states.channel_id', 'channels.id')
    .selectAll('channels')
    .select('channel_states.identity')
    .where('channels.archived_at', 'is', null);
}
