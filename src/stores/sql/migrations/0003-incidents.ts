/** What incidents need: who names which entity, signs, incidents; and all that telling needs. */
import { sql } from 'kysely';
import type { ChannelId } from '#domain/id.ts';
import type { Identity } from '#domain/identity.ts';
import type { Db, Engine } from '#stores/sql/engine.ts';
import { createIncidents, createSigns, createTimeline } from './0003-incident-tables.ts';
import { telling } from './0003-telling.ts';
import { finish } from './finish-table.ts';

export async function incidents(db: Db, engine: Engine): Promise<void> {
  await addColumns(db, engine);
  await readTroubledClosely(db);
  await createChannelEntities(db, engine);
  await nameEntities(db);
  await createSigns(db, engine);
  await createIncidents(db, engine);
  await createTimeline(db, engine);
  await telling(db, engine);
}

/**
 * Whether a channel is read closely, when a capability was last seen working, and how many reads reached
 * nobody.
 */
async function addColumns(db: Db, { integer }: Engine): Promise<void> {
  await db.schema
    .alterTable('channel_attempts')
    .addColumn('closely', integer, (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('upstream_tallies')
    .addColumn('unreachable', integer, (c) => c.notNull().defaultTo(0))
    .execute();
  for (const column of ['worked_messaging_at', 'worked_calling_at']) {
    await db.schema.alterTable('channel_states').addColumn(column, integer).execute();
  }
  for (const capability of ['messaging', 'calling']) {
    await sql`update channel_states set ${sql.ref(`worked_${capability}_at`)} = (
      select max(at) from transitions
      where transitions.channel_id = channel_states.channel_id
        and series = ${sql.lit(`verdict:${capability}`)}
        and (${sql.ref('is')} in ('AVAILABLE', 'LIMITED') or was in ('AVAILABLE', 'LIMITED')))`.execute(
      db,
    );
  }
}

/** What is in trouble already opens its incident at the next reads, although these say nothing new. */
async function readTroubledClosely(db: Db): Promise<void> {
  await sql`update channel_attempts set closely = 1 where channel_id in (
    select channel_id from channel_states
    where messaging in ('LIMITED', 'BLOCKED') or calling in ('LIMITED', 'BLOCKED'))`.execute(db);
}

async function createChannelEntities(db: Db, { text, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('channel_entities')
    .addColumn('channel_id', text, (c) => c.notNull().references('channels.id'))
    .addColumn('type', text, (c) => c.notNull())
    .addColumn('entity_id', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('channel_entities_pk', ['channel_id', 'type', 'entity_id']);
  await finish(table, engine);
  await db.schema
    .createIndex('channel_entities_by_entity')
    .on('channel_entities')
    .columns(['type', 'entity_id', 'channel_id'])
    .execute();
}

/** As far as identities tell; the next read of each channel names the rest. */
async function nameEntities(db: Db): Promise<void> {
  const rows = await db
    .selectFrom('channel_states')
    .select(['channel_id', 'identity'])
    .where('identity', 'is not', null)
    .execute();
  for (const { channel_id, identity } of rows) {
    const named = entitiesIn(channel_id, JSON.parse(identity ?? '{}'));
    if (named.length > 0) await db.insertInto('channel_entities').values(named).execute();
  }
}

function entitiesIn(channel_id: ChannelId, identity: Partial<Identity>) {
  const { phoneNumberId, wabaId, businessId, appId } = identity;
  const ids = { PHONE_NUMBER: phoneNumberId, WABA: wabaId, BUSINESS: businessId, APP: appId };
  return Object.entries(ids).flatMap(([type, entity_id]) =>
    typeof entity_id === 'string' ? [{ channel_id, type, entity_id }] : [],
  );
}
