/** What telling needs: receivers, rules, silences, the outbox. */
import { sql } from 'kysely';
import type { Db, Engine } from '#stores/sql/engine.ts';
import { finish } from './finish-table.ts';

export async function telling(db: Db, engine: Engine): Promise<void> {
  await createReceivers(db, engine);
  await createSilences(db, engine);
  await createDeliveries(db, engine);
}

async function createReceivers(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const receivers = db.schema
    .createTable('receivers')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('urgency', text, (c) => c.notNull())
    .addColumn('settings', text, (c) => c.notNull())
    .addColumn('secrets', text, (c) => c.notNull())
    .addColumn('hint', text, (c) => c.notNull())
    .addColumn('zone', text)
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('updated_at', integer, (c) => c.notNull())
    .addColumn('broken_at', integer)
    .addColumn('failures_in_a_row', integer, (c) => c.notNull())
    .addColumn('held_until', integer, (c) => c.notNull());
  await finish(receivers, engine);
  await db.schema.createIndex('receivers_name').on('receivers').unique().column('name').execute();
  const rules = db.schema
    .createTable('rules')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('match', text, (c) => c.notNull())
    .addColumn('receivers', text, (c) => c.notNull())
    .addColumn('group_ms', integer, (c) => c.notNull())
    .addColumn('remind_after_ms', integer)
    .addColumn('remind_every_ms', integer)
    .addColumn('is_enabled', integer, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('updated_at', integer, (c) => c.notNull());
  await finish(rules, engine);
  await db.schema.createIndex('rules_name').on('rules').unique().column('name').execute();
}

async function createSilences(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('silences')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('match', text, (c) => c.notNull())
    .addColumn('author', text, (c) => c.notNull())
    .addColumn('reason', text, (c) => c.notNull())
    .addColumn('starts_at', integer, (c) => c.notNull())
    .addColumn('ends_at', integer, (c) => c.notNull())
    .addColumn('is_excluded', integer, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('ended_at', integer);
  await finish(table, engine);
  const index = (name: string) => db.schema.createIndex(name).on('silences');
  const isOpen = sql<boolean>`${sql.ref('ended_at')} is null`;
  await index('silences_open').column('id').where(isOpen).execute();
  await index('silences_over').columns(['ends_at', 'id']).where(isOpen).execute();
  await index('silences_planned')
    .columns(['ends_at', 'id'])
    .where(sql.ref('is_excluded'), '=', 1)
    .execute();
}

async function createDeliveries(db: Db, { text, integer, ...engine }: Engine): Promise<void> {
  const table = db.schema
    .createTable('deliveries')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('incident_id', text)
    .addColumn('receiver_id', text, (c) => c.notNull().references('receivers.id'))
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('seq', integer, (c) => c.notNull())
    .addColumn('urgency', text, (c) => c.notNull())
    .addColumn('severity', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('reason', text, (c) => c.notNull())
    .addColumn('rule', text)
    .addColumn('labels', text)
    .addColumn('group_key', text)
    .addColumn('about', text)
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('next_at', integer, (c) => c.notNull())
    .addColumn('attempts', integer, (c) => c.notNull())
    .addColumn('lease_until', integer, (c) => c.notNull())
    .addColumn('claim', integer, (c) => c.notNull())
    .addColumn('delivered_at', integer)
    .addColumn('merged_into', text)
    .addColumn('is_plain', integer, (c) => c.notNull());
  await finish(table, engine);
  await indexDeliveries(db);
  const attempts = db.schema
    .createTable('delivery_attempts')
    .addColumn('delivery_id', text, (c) => c.notNull().references('deliveries.id'))
    .addColumn('no', integer, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('took_ms', integer, (c) => c.notNull())
    .addColumn('outcome', text, (c) => c.notNull())
    .addColumn('status', integer)
    .addColumn('detail', text)
    .addPrimaryKeyConstraint('delivery_attempts_pk', ['delivery_id', 'no']);
  await finish(attempts, engine);
}

async function indexDeliveries(db: Db): Promise<void> {
  const index = (name: string) => db.schema.createIndex(name).on('deliveries');
  await index('deliveries_once')
    .unique()
    .columns(['incident_id', 'receiver_id', 'kind', 'seq'])
    .where(sql.ref('incident_id'), 'is not', null)
    .execute();
  const isPending = sql<boolean>`${sql.ref('state')} = 'pending'`;
  // By receiver: what waits for one that is held, or full, is never walked past.
  await index('deliveries_due')
    .columns(['receiver_id', 'next_at', 'id'])
    .where(isPending)
    .execute();
  // With the lease, so that whose turn it is stands in the index alone.
  await index('deliveries_waiting')
    .columns(['incident_id', 'receiver_id', 'id', 'lease_until'])
    .where(isPending)
    .execute();
  await index('deliveries_leased')
    .columns(['receiver_id', 'lease_until'])
    .where(sql<boolean>`${isPending} and ${sql.ref('lease_until')} > 0`)
    .execute();
  await index('deliveries_by_incident').columns(['incident_id', 'id']).execute();
  await index('deliveries_by_receiver').columns(['receiver_id', 'state', 'id']).execute();
  await index('deliveries_taken').columns(['receiver_id', 'delivered_at']).execute();
  await index('deliveries_by_state').columns(['state', 'id']).execute();
  await index('deliveries_by_time').columns(['created_at', 'id']).execute();
}
