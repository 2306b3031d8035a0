/** What hints need: webhooks as they came, what they and clients said, and when that made a channel due. */
import { sql } from 'kysely';
import type { Db, Engine } from '#stores/sql/engine.ts';
import { finish } from './finish-table.ts';

export async function signals(db: Db, engine: Engine): Promise<void> {
  await createWebhooks(db, engine);
  await createSignals(db, engine);
  const hinted = db.schema
    .createTable('hinted_reads')
    .addColumn('channel_id', engine.text, (c) => c.primaryKey().notNull().references('channels.id'))
    .addColumn('at', engine.integer, (c) => c.notNull());
  await finish(hinted, engine);
}

async function createWebhooks(db: Db, { text, integer, bytes, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('webhooks')
    .addColumn('hash', text, (c) => c.primaryKey().notNull())
    .addColumn('source', text, (c) => c.notNull())
    .addColumn('ref', text, (c) => c.notNull())
    .addColumn('received_at', integer, (c) => c.notNull())
    .addColumn('body', bytes, (c) => c.notNull())
    .addColumn('done', integer, (c) => c.notNull())
    .addColumn('processed_at', integer);
  await finish(table, engine);
  const index = (name: string) => db.schema.createIndex(name).on('webhooks');
  await index('webhooks_pending')
    .columns(['received_at', 'hash'])
    .where(sql.ref('processed_at'), 'is', null)
    .execute();
  await index('webhooks_by_time').columns(['received_at', 'hash']).execute();
}

async function createSignals(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('signals')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('key', text, (c) => c.notNull())
    .addColumn('received_at', integer, (c) => c.notNull())
    .addColumn('source', text, (c) => c.notNull())
    .addColumn('field', text, (c) => c.notNull())
    .addColumn('event', text)
    .addColumn('subject_type', text)
    .addColumn('subject_id', text)
    .addColumn('waba_id', text)
    .addColumn('business_id', text)
    .addColumn('phone_number_id', text)
    .addColumn('digits', text)
    .addColumn('template_id', text)
    .addColumn('channel_id', text)
    .addColumn('code', text)
    .addColumn('http_status', integer)
    .addColumn('count', integer, (c) => c.notNull())
    .addColumn('weight', text, (c) => c.notNull())
    .addColumn('known', integer, (c) => c.notNull())
    .addColumn('summary', text, (c) => c.notNull());
  await finish(table, engine);
  const index = (name: string) => db.schema.createIndex(name).on('signals');
  const inTime = ['received_at', 'id'];
  await index('signals_key').column('key').unique().execute();
  await index('signals_by_time').columns(inTime).execute();
  await index('signals_by_channel')
    .columns(['channel_id', ...inTime])
    .execute();
  await index('signals_by_waba')
    .columns(['waba_id', ...inTime])
    .where(sql.ref('channel_id'), 'is', null)
    .execute();
  await index('signals_by_field')
    .columns(['field', 'known', ...inTime])
    .execute();
  await index('signals_by_known')
    .columns(['known', ...inTime])
    .execute();
  await index('signals_by_subject')
    .columns(['subject_type', 'subject_id', ...inTime])
    .execute();
  await index('signals_failed_sends')
    .columns(['channel_id', 'received_at'])
    .where(sql.ref('code'), 'is not', null)
    .execute();
  await index('signals_failed_sends_by_time')
    .columns(['received_at', 'channel_id'])
    .where(sql.ref('code'), 'is not', null)
    .execute();
}
