/** The part of migration 3 that is about incidents: signs, incidents, their members and timelines. */
import { sql } from 'kysely';
import type { Db, Engine } from '#stores/sql/engine.ts';
import { finish } from './finish-table.ts';

export async function createSigns(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('signs')
    .addColumn('channel_id', text, (c) => c.notNull().references('channels.id'))
    .addColumn('key', text, (c) => c.notNull())
    .addColumn('cause_kind', text, (c) => c.notNull())
    .addColumn('cause_type', text)
    .addColumn('cause_ref', text)
    .addColumn('capability', text)
    .addColumn('stage', text, (c) => c.notNull())
    .addColumn('incident_id', text)
    .addColumn('upstream', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('codes', text, (c) => c.notNull())
    .addColumn('first_started_at', integer, (c) => c.notNull())
    .addColumn('first_bad_at', integer, (c) => c.notNull())
    .addColumn('last_bad_at', integer, (c) => c.notNull())
    .addColumn('bad_reads', integer, (c) => c.notNull())
    .addColumn('worked', integer, (c) => c.notNull())
    .addColumn('replaced', text)
    .addColumn('good_since', integer)
    .addColumn('good_at', integer)
    .addPrimaryKeyConstraint('signs_pk', ['channel_id', 'key']);
  await finish(table, engine);
  const index = (name: string) => db.schema.createIndex(name).on('signs');
  await index('signs_by_key').columns(['key', 'stage', 'channel_id']).execute();
  await index('signs_by_age').columns(['key', 'stage', 'first_started_at']).execute();
  await index('signs_by_incident')
    .columns(['incident_id', 'channel_id'])
    .where(sql.ref('incident_id'), 'is not', null)
    .execute();
  // One step in it for each new cause, however many channels show that.
  await index('signs_new')
    .columns(['upstream', 'key', 'first_bad_at'])
    .where(sql<boolean>`${sql.ref('stage')} = 'suspect' and ${sql.ref('worked')} = 1`)
    .execute();
}

export async function createIncidents(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('incidents')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('number', integer, (c) => c.notNull())
    .addColumn('key', text, (c) => c.notNull())
    .addColumn('cause_kind', text, (c) => c.notNull())
    .addColumn('cause_type', text)
    .addColumn('cause_ref', text)
    .addColumn('capability', text)
    .addColumn('upstream', text)
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('severity', text, (c) => c.notNull())
    .addColumn('codes', text, (c) => c.notNull())
    .addColumn('code', text)
    .addColumn('actor', text, (c) => c.notNull())
    .addColumn('detail', text)
    .addColumn('began_at', integer, (c) => c.notNull())
    .addColumn('opened_at', integer, (c) => c.notNull())
    .addColumn('last_good_at', integer)
    .addColumn('confirmation', text, (c) => c.notNull())
    .addColumn('is_baseline', integer, (c) => c.notNull())
    .addColumn('is_flapping', integer, (c) => c.notNull())
    .addColumn('inhibited_by', text)
    .addColumn('gather_until', integer)
    .addColumn('sentinel_id', text)
    .addColumn('acknowledged_at', integer)
    .addColumn('acknowledged_by', text)
    .addColumn('acknowledged_note', text)
    .addColumn('watch_until', integer)
    .addColumn('unseen_since', integer)
    .addColumn('ended_at', integer)
    .addColumn('resolved_at', integer)
    .addColumn('resolution', text);
  await finish(table, engine);
  await indexIncidents(db);
}

/** Ids sort by when they were made, so a listing in the order of time is one in the order of ids. */
async function indexIncidents(db: Db): Promise<void> {
  const index = (name: string) => db.schema.createIndex(name).on('incidents');
  await index('incidents_number').unique().column('number').execute();
  const isOpen = sql<boolean>`${sql.ref('resolved_at')} is null`;
  // At most one unresolved each: whoever loses the race for it joins.
  await index('incidents_open').unique().column('key').where(isOpen).execute();
  await index('incidents_by_key').columns(['key', 'opened_at']).execute();
  await index('incidents_by_kind').columns(['cause_kind', 'id']).execute();
  await index('incidents_unresolved').column('id').where(isOpen).execute();
  await index('incidents_unresolved_by_kind').columns(['cause_kind', 'id']).where(isOpen).execute();
  await index('incidents_unresolved_by_severity').column('severity').where(isOpen).execute();
  await index('incidents_gathering')
    .column('id')
    .where(sql<boolean>`${isOpen} and ${sql.ref('gather_until')} is not null`)
    .execute();
  await index('incidents_resolved')
    .column('id')
    .where(sql.ref('resolved_at'), 'is not', null)
    .execute();
  await index('incidents_new')
    .columns(['upstream', 'opened_at'])
    .where(sql<boolean>`${sql.ref('is_baseline')} = 0 and ${sql.ref('cause_kind')} = 'entity'`)
    .execute();
  await index('incidents_by_end')
    .columns(['resolved_at', 'id'])
    .where(sql.ref('resolved_at'), 'is not', null)
    .execute();
  await index('incidents_by_code')
    .columns(['code', 'resolved_at'])
    .where(sql.ref('acknowledged_at'), 'is not', null)
    .execute();
  await index('incidents_by_fleet').columns(['inhibited_by', 'id']).execute();
}

export async function createTimeline(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const members = db.schema
    .createTable('incident_members')
    .addColumn('incident_id', text, (c) => c.notNull().references('incidents.id'))
    .addColumn('channel_id', text, (c) => c.notNull())
    .addColumn('joined_at', integer, (c) => c.notNull())
    .addColumn('first_bad_at', integer, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('worked', integer, (c) => c.notNull())
    .addColumn('replaced', text)
    .addColumn('left_at', integer)
    .addColumn('left_reason', text)
    .addPrimaryKeyConstraint('incident_members_pk', ['incident_id', 'channel_id']);
  await finish(members, engine);
  const index = (name: string) => db.schema.createIndex(name).on('incident_members');
  await index('incident_members_by_channel').columns(['channel_id', 'incident_id']).execute();
  await index('incident_members_by_time')
    .columns(['incident_id', 'joined_at', 'channel_id'])
    .execute();
  await index('incident_members_present')
    .columns(['incident_id', 'channel_id'])
    .where(sql.ref('left_at'), 'is', null)
    .execute();
  await index('incident_members_recovered')
    .columns(['incident_id', 'left_at'])
    .where(sql<boolean>`${sql.ref('left_reason')} = 'recovered'`)
    .execute();
  const events = db.schema
    .createTable('incident_events')
    .addColumn('incident_id', text, (c) => c.notNull().references('incidents.id'))
    .addColumn('no', integer, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('channel_id', text)
    .addColumn('by', text)
    .addColumn('detail', text)
    .addPrimaryKeyConstraint('incident_events_pk', ['incident_id', 'no']);
  await finish(events, engine);
  await db.schema
    .createIndex('incident_events_by_channel')
    .on('incident_events')
    .column('channel_id')
    .where(sql.ref('channel_id'), 'is not', null)
    .execute();
}

/** Builds the table, with what this engine wants after each. */
