/** Apps, credentials, channels with what is known of them, bodies, API keys, settings. */
import { type CreateTableBuilder, sql } from 'kysely';
import type { Db, Engine } from '#stores/sql/engine.ts';

export async function foundation(db: Db, engine: Engine): Promise<void> {
  await createSettings(db, engine);
  await createAccess(db, engine);
  await createChannels(db, engine);
  await createChannelIndexes(db);
  await createLabels(db, engine);
  await createBodies(db, engine);
  await createAttempts(db, engine);
  await createStates(db, engine);
  await createApiKeys(db, engine);
}

async function createSettings(db: Db, { text, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('settings')
    .addColumn('name', text, (c) => c.primaryKey().notNull())
    .addColumn('value', text, (c) => c.notNull());
  await finish(table, engine);
}

async function createAccess(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const apps = db.schema
    .createTable('apps')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('meta_app_id', text, (c) => c.notNull())
    .addColumn('ours', integer, (c) => c.notNull())
    .addColumn('secret', text)
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('updated_at', integer, (c) => c.notNull());
  await finish(apps, engine);
  await db.schema.createIndex('apps_name').on('apps').column('name').unique().execute();
  const credentials = db.schema
    .createTable('credentials')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('upstream', text, (c) => c.notNull())
    .addColumn('app_id', text, (c) => c.references('apps.id'))
    .addColumn('billed_by', text, (c) => c.notNull())
    .addColumn('secret', text, (c) => c.notNull())
    .addColumn('secret_hint', text, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('rotated_at', integer, (c) => c.notNull());
  await finish(credentials, engine);
  const index = (name: string) => db.schema.createIndex(name).on('credentials');
  await index('credentials_name').column('name').unique().execute();
  await index('credentials_by_app').column('app_id').execute();
}

async function createChannels(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('channels')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('external_id', text)
    .addColumn('upstream', text, (c) => c.notNull())
    .addColumn('credential_id', text, (c) => c.notNull().references('credentials.id'))
    .addColumn('node_id', text)
    .addColumn('labels', text, (c) => c.notNull())
    .addColumn('check_interval_ms', integer)
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('updated_at', integer, (c) => c.notNull())
    .addColumn('archived_at', integer);
  await finish(table, engine);
}

/** An archived channel holds nothing: its name, external id, node and credential are free again. */
async function createChannelIndexes(db: Db): Promise<void> {
  const unique = (columns: readonly ('name' | 'external_id' | 'upstream' | 'node_id')[]) =>
    db.schema
      .createIndex(`channels_${columns.join('_')}`)
      .on('channels')
      .columns([...columns])
      .unique()
      .where(sql.ref('archived_at'), 'is', null)
      .execute();
  await unique(['name']);
  await unique(['external_id']);
  await unique(['upstream', 'node_id']);
  const index = (name: string) => db.schema.createIndex(name).on('channels');
  // On dialog360 the key alone decides which number answers, so one key is one channel.
  await index('channels_credential_id')
    .column('credential_id')
    .unique()
    .where(sql.ref('archived_at'), 'is', null)
    .where(sql.ref('upstream'), '=', 'dialog360')
    .execute();
  await index('channels_by_credential').columns(['credential_id', 'name', 'id']).execute();
  await index('channels_archived')
    .columns(['name', 'id'])
    .where(sql.ref('archived_at'), 'is not', null)
    .execute();
}

async function createLabels(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('channel_labels')
    .addColumn('channel_id', text, (c) => c.notNull().references('channels.id'))
    .addColumn('label', text, (c) => c.notNull())
    .addColumn('value', text, (c) => c.notNull())
    .addColumn('archived', integer, (c) => c.notNull())
    .addColumn('channel_name', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('channel_labels_pk', ['channel_id', 'label']);
  await finish(table, engine);
  await db.schema
    .createIndex('channel_labels_by_value')
    .on('channel_labels')
    .columns(['label', 'value', 'archived', 'channel_name', 'channel_id'])
    .execute();
}

async function createBodies(db: Db, { text, bytes, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('bodies')
    .addColumn('hash', text, (c) => c.primaryKey().notNull())
    .addColumn('bytes', bytes, (c) => c.notNull());
  await finish(table, engine);
}

async function createAttempts(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('channel_attempts')
    .addColumn('channel_id', text, (c) => c.primaryKey().notNull().references('channels.id'))
    .addColumn('claimed', integer, (c) => c.notNull())
    .addColumn('written', integer, (c) => c.notNull())
    .addColumn('lease_until', integer, (c) => c.notNull())
    .addColumn('good_attempt', integer)
    .addColumn('good_started_at', integer)
    .addColumn('good_read_at', integer)
    .addColumn('served_version', text)
    .addColumn('served_trace_id', text)
    .addColumn('failure_attempt', integer)
    .addColumn('failure_at', integer)
    .addColumn('failures_in_a_row', integer)
    .addColumn('failure_trace_id', text);
  await finish(table, engine);
}

async function createStates(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('channel_states')
    .addColumn('channel_id', text, (c) => c.primaryKey().notNull().references('channels.id'))
    .addColumn('report', text)
    .addColumn('body_hash', text, (c) => c.references('bodies.hash'))
    .addColumn('identity', text)
    .addColumn('since_messaging', integer)
    .addColumn('since_calling', integer)
    .addColumn('trust_state', text, (c) => c.notNull())
    .addColumn('trust_code', text)
    .addColumn('trust_since', integer)
    .addColumn('failure', text);
  await finish(table, engine);
  const index = db.schema.createIndex('channel_states_by_body').on('channel_states');
  await index.column('body_hash').execute();
}

async function createApiKeys(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('api_keys')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('channel_id', text, (c) => c.notNull().references('channels.id'))
    .addColumn('hash', text, (c) => c.notNull())
    .addColumn('origin', text, (c) => c.notNull())
    .addColumn('hint', text, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('expires_at', integer)
    .addColumn('revoked_at', integer);
  await finish(table, engine);
  const index = (name: string) => db.schema.createIndex(name).on('api_keys');
  // A revoked key may come back: a channel is removed and added again with its old 360dialog key.
  await index('api_keys_hash')
    .column('hash')
    .unique()
    .where(sql.ref('revoked_at'), 'is', null)
    .execute();
  await index('api_keys_by_hash').column('hash').execute();
  await index('api_keys_by_channel').column('channel_id').execute();
}

async function finish(
  table: CreateTableBuilder<string, string>,
  { tableOptions }: Pick<Engine, 'tableOptions'>,
): Promise<void> {
  await (tableOptions === null ? table : table.modifyEnd(tableOptions)).execute();
}
