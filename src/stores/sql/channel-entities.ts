/** Which channels name which entity: what their last good reads said, in both directions. */
import { sql } from 'kysely';
import type { ChannelId } from '#domain/id.ts';
import type { EntityRef } from '#domain/entity.ts';
import type { Page, PageRequest } from '#ports/page.ts';
import type { Db } from './engine.ts';
import { pageOf, rowsToAsk } from './paging.ts';

/** Counting further would read the whole fleet for an answer that nobody needs to the last one. */
const COUNTED_MAX = 100_000;

interface NamedEntity {
  readonly type: string;
  readonly id: string;
}

export async function channelsOfEntity(
  db: Db,
  { type, id }: NamedEntity,
  page: PageRequest,
): Promise<Page<ChannelId>> {
  const rows = await db
    .selectFrom('channel_entities')
    .innerJoin('channels', 'channels.id', 'channel_entities.channel_id')
    .select('channel_entities.channel_id as channel_id')
    .where('type', '=', type)
    .where('entity_id', '=', id)
    .where('channels.archived_at', 'is', null)
    .where(sql.ref('channel_entities.channel_id'), '>', page.after ?? '')
    .orderBy('channel_entities.channel_id')
    .limit(rowsToAsk(page))
    .execute();
  return pageOf(
    rows.map(({ channel_id }) => channel_id),
    page,
    (channelId) => channelId,
  );
}

export async function countOfEntity(db: Db, { type, id }: NamedEntity): Promise<number> {
  const named = db
    .selectFrom('channel_entities')
    .innerJoin('channels', 'channels.id', 'channel_entities.channel_id')
    .select('channel_entities.channel_id')
    .where('type', '=', type)
    .where('entity_id', '=', id)
    .where('channels.archived_at', 'is', null)
    .limit(COUNTED_MAX);
  const { count } = await db
    .selectFrom(named.as('named'))
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Only the first of them are looked at: nobody waits for more. */
const UNREAD_MAX = 500;

export async function countUnread(
  db: Db,
  { type, id }: NamedEntity,
  since: number,
): Promise<number> {
  const named = db
    .selectFrom('channel_entities')
    .innerJoin('channel_attempts', 'channel_attempts.channel_id', 'channel_entities.channel_id')
    .select(['good_started_at', 'failure_at'])
    .where('type', '=', type)
    .where('entity_id', '=', id)
    .where('due_at', 'is not', null)
    .orderBy('channel_entities.channel_id')
    .limit(UNREAD_MAX);
  const { count } = await db
    .selectFrom(named.as('named'))
    .select((eb) => eb.fn.countAll().as('count'))
    .where((eb) => eb(eb.fn.coalesce('good_started_at', eb.lit(0)), '<', since))
    .where((eb) => eb(eb.fn.coalesce('failure_at', eb.lit(0)), '<', since))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function nameEntities(
  db: Db,
  channel_id: ChannelId,
  entities: readonly EntityRef[],
): Promise<void> {
  const rows = new Map(
    entities.flatMap(({ type, id }) => {
      if (id === null) return [];
      return [[`${type}/${id}`, { channel_id, type, entity_id: id }] as const];
    }),
  );
  await db.deleteFrom('channel_entities').where('channel_id', '=', channel_id).execute();
  if (rows.size > 0)
    await db
      .insertInto('channel_entities')
      .values([...rows.values()])
      .execute();
}
