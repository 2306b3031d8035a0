/** What watching a fleet needs: due times, history, budgets, and what numbers and credentials are. */
import { type CreateTableBuilder, sql } from 'kysely';
import { slotOf } from '#domain/schedule.ts';
import type { Db, Engine } from '#stores/sql/engine.ts';

export async function fleet(db: Db, engine: Engine): Promise<void> {
  await addSchedule(db, engine);
  await placeChannels(db);
  await addVerdicts(db, engine);
  await createTransitions(db, engine);
  await createBudgets(db, engine);
  await createProfiles(db, engine);
  await createTokenFacts(db, engine);
  await createNotices(db, engine);
}

async function addSchedule(db: Db, { text, integer }: Engine): Promise<void> {
  await db.schema
    .alterTable('channels')
    .addColumn('interval_ms', integer, (c) => c.notNull().defaultTo(120_000))
    .execute();
  await db.schema.alterTable('channels').addColumn('paused_at', integer).execute();
  const column = (name: string, type: typeof text, fallback: string | number) =>
    db.schema
      .alterTable('channel_attempts')
      .addColumn(name, type, (c) => c.notNull().defaultTo(fallback))
      .execute();
  await column('credential_id', text, '');
  await column('group_no', integer, 0);
  await column('slot', integer, 0);
  await column('pace_ms', integer, 120_000);
  await column('bucket', text, '');
  await db.schema.alterTable('channel_attempts').addColumn('due_at', integer).execute();
  const index = (name: string) => db.schema.createIndex(name).on('channel_attempts');
  await index('channel_attempts_due')
    .columns(['due_at', 'channel_id'])
    .where(sql.ref('due_at'), 'is not', null)
    .execute();
  await index('channel_attempts_groups').columns(['credential_id', 'group_no']).execute();
  await index('channel_attempts_bucket').columns(['bucket', 'pace_ms', 'channel_id']).execute();
}

/** Channels that were there before: each in a group of its own, due at once. */
async function placeChannels(db: Db): Promise<void> {
  const channels = await db
    .selectFrom('channels')
    .select(['id', 'credential_id', 'upstream', 'check_interval_ms', 'archived_at'])
    .execute();
  for (const [at, channel] of channels.entries()) {
    const { id, credential_id, upstream } = channel;
    const interval_ms = channel.check_interval_ms ?? (upstream === 'graph' ? 120_000 : 300_000);
    const due_at = channel.archived_at === null ? 0 : null;
    const slot = slotOf(credential_id, at);
    const place = { credential_id, group_no: 0, slot, pace_ms: interval_ms, due_at };
    await db.updateTable('channels').set({ interval_ms }).where('id', '=', id).execute();
    await db
      .updateTable('channel_attempts')
      .set({ ...place, bucket: `credential:${credential_id}` })
      .where('channel_id', '=', id)
      .execute();
  }
}

async function addVerdicts(db: Db, { text, integer }: Engine): Promise<void> {
  const states = () => db.schema.alterTable('channel_states');
  await states()
    .addColumn('messaging', text, (c) => c.notNull().defaultTo('UNKNOWN'))
    .execute();
  await states().addColumn('calling', text).execute();
  await states().addColumn('unknown_reason', text).execute();
  await states().addColumn('cause', text).execute();
  await db.schema
    .createIndex('channel_states_by_verdict')
    .on('channel_states')
    .columns(['messaging', 'cause', 'channel_id'])
    .execute();
  // Name and archived are repeated here for the listing by status, as the labels do.
  await states()
    .addColumn('channel_name', text, (c) => c.notNull().defaultTo(''))
    .execute();
  await states()
    .addColumn('archived', integer, (c) => c.notNull().defaultTo(0))
    .execute();
  await sql`update channel_states set
    channel_name = (select name from channels where id = channel_id),
    archived = (select case when archived_at is null then 0 else 1 end
      from channels where id = channel_id)`.execute(db);
  await db.schema
    .createIndex('channel_states_by_name')
    .on('channel_states')
    .columns(['messaging', 'archived', 'channel_name', 'channel_id'])
    .execute();
  await db.schema
    .createIndex('channels_by_archival')
    .on('channels')
    .columns(['archived_at', 'id'])
    .where(sql.ref('archived_at'), 'is not', null)
    .execute();
}

async function createTransitions(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('transitions')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('channel_id', text, (c) => c.notNull().references('channels.id'))
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('series', text, (c) => c.notNull())
    .addColumn('capability', text)
    .addColumn('subject_type', text)
    .addColumn('subject_id', text)
    .addColumn('code', text)
    .addColumn('was', text)
    .addColumn('is', text)
    .addColumn('detail', text)
    .addColumn('attempt', integer, (c) => c.notNull())
    .addColumn('started_at', integer)
    .addColumn('trace_id', text)
    .addColumn('version', text)
    .addColumn('body_before', text, (c) => c.references('bodies.hash'))
    .addColumn('body_after', text, (c) => c.references('bodies.hash'));
  await finish(table, engine);
  const index = (name: string) => db.schema.createIndex(name).on('transitions');
  await index('transitions_by_series').columns(['channel_id', 'series', 'at', 'id']).execute();
  await index('transitions_by_channel').columns(['channel_id', 'at', 'id']).execute();
  await index('transitions_by_time').columns(['at', 'id']).execute();
  await index('transitions_by_kind').columns(['kind', 'at', 'id']).execute();
  await index('transitions_by_channel_kind').columns(['channel_id', 'kind', 'at', 'id']).execute();
  await index('transitions_by_body_before').column('body_before').execute();
  await index('transitions_by_body_after').column('body_after').execute();
}

async function createBudgets(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const budgets = db.schema
    .createTable('budgets')
    .addColumn('bucket', text, (c) => c.primaryKey().notNull())
    .addColumn('per_hour', integer, (c) => c.notNull())
    .addColumn('is_active', integer, (c) => c.notNull())
    .addColumn('scheduled_until', integer, (c) => c.notNull())
    .addColumn('asked_until', integer, (c) => c.notNull())
    .addColumn('percent', integer)
    .addColumn('reported_at', integer)
    .addColumn('held_until', integer, (c) => c.notNull())
    .addColumn('closed_until', integer, (c) => c.notNull())
    .addColumn('stretch_permille', integer, (c) => c.notNull())
    .addColumn('needed_per_hour', integer, (c) => c.notNull());
  await finish(budgets, engine);
  const tallies = db.schema
    .createTable('upstream_tallies')
    .addColumn('upstream', text, (c) => c.notNull())
    .addColumn('slice_at', integer, (c) => c.notNull())
    .addColumn('program', text, (c) => c.notNull())
    .addColumn('reads', integer, (c) => c.notNull())
    .addColumn('failed', integer, (c) => c.notNull())
    .addColumn('subjects', integer, (c) => c.notNull())
    .addColumn('failed_subjects', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('upstream_tallies_pk', ['upstream', 'slice_at', 'program']);
  await finish(tallies, engine);
}

/** What a number is, beside its health; the messaging limit belongs to its whole business. */
async function createProfiles(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const profiles = db.schema
    .createTable('profiles')
    .addColumn('channel_id', text, (c) => c.primaryKey().notNull().references('channels.id'))
    .addColumn('display_number', text)
    .addColumn('digits', text)
    .addColumn('verified_name', text)
    .addColumn('profile', text)
    .addColumn('failure', text)
    .addColumn('failures_in_a_row', integer, (c) => c.notNull().defaultTo(0))
    .addColumn('read_at', integer)
    .addColumn('due_at', integer);
  await finish(profiles, engine);
  const index = (name: string) => db.schema.createIndex(name).on('profiles');
  await index('profiles_due').column('due_at').where(sql.ref('due_at'), 'is not', null).execute();
  await index('profiles_by_digits').column('digits').execute();
  await sql`insert into profiles (channel_id, due_at)
    select id, case when archived_at is null then 0 end from channels`.execute(db);
  const portfolios = db.schema
    .createTable('portfolios')
    .addColumn('business_id', text, (c) => c.primaryKey().notNull())
    .addColumn('messaging_limit', text)
    .addColumn('read_at', integer, (c) => c.notNull());
  await finish(portfolios, engine);
}

/** What a credential is by Meta's own word, and the numbers that it can see. */
async function createTokenFacts(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const facts = db.schema
    .createTable('token_facts')
    .addColumn('credential_id', text, (c) => c.primaryKey().notNull().references('credentials.id'))
    .addColumn('facts', text)
    .addColumn('failure', text)
    .addColumn('read_at', integer)
    .addColumn('due_at', integer);
  await finish(facts, engine);
  await db.schema
    .createIndex('token_facts_due')
    .on('token_facts')
    .column('due_at')
    .where(sql.ref('due_at'), 'is not', null)
    .execute();
  await sql`insert into token_facts (credential_id, due_at)
    select id, case when upstream = 'graph' then 0 end from credentials`.execute(db);
  const seen = db.schema
    .createTable('seen_numbers')
    .addColumn('credential_id', text, (c) => c.notNull().references('credentials.id'))
    .addColumn('node_id', text, (c) => c.notNull())
    .addColumn('waba_id', text, (c) => c.notNull())
    .addColumn('business_id', text)
    .addColumn('display_number', text)
    .addColumn('verified_name', text)
    .addColumn('first_seen_at', integer, (c) => c.notNull())
    .addColumn('seen_at', integer, (c) => c.notNull())
    .addColumn('gone_at', integer)
    .addPrimaryKeyConstraint('seen_numbers_pk', ['credential_id', 'node_id']);
  await finish(seen, engine);
  await db.schema
    .createIndex('seen_numbers_by_node')
    .on('seen_numbers')
    .column('node_id')
    .execute();
}

async function createNotices(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('notices')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('noun', text, (c) => c.notNull())
    .addColumn('ref', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull());
  await finish(table, engine);
  await db.schema.createIndex('notices_by_time').on('notices').columns(['at', 'id']).execute();
}

async function finish(
  table: CreateTableBuilder<string, string>,
  { tableOptions }: Pick<Engine, 'tableOptions'>,
): Promise<void> {
  await (tableOptions === null ? table : table.modifyEnd(tableOptions)).execute();
}
