/** Webhooks as they came, and the signals that they and clients gave. */
import { sql } from 'kysely';
import type { ChannelId } from '#domain/id.ts';
import type { SendErrorCount } from '#domain/signals/send-errors.ts';
import type { PendingWebhook, SignalsChange, SignalsView } from '#ports/signals.ts';
import { requireFew } from './bulk.ts';
import type { Db, Engine } from './engine.ts';
import { makeDue } from './hinted-reads.ts';
import { jsonIds } from './json-rows.ts';
import type { WebhooksTable } from './schema-signals.ts';
import { listSignals } from './signal-list.ts';
import { columnsOf, signalOf } from './signal-row.ts';

const RECENT_MAX = 50;
/** Codes of one channel; more than Meta has are nobody's. */
const CODES_MAX = 20_000;

export function signalsView(db: Db, engine: Engine): SignalsView {
  return {
    list: (page, filter = {}) => listSignals(db, page, filter),
    async recent({ entity, since }) {
      if (entity.id === null) return [];
      const rows = await db
        .selectFrom('signals')
        .selectAll()
        .where('subject_type', '=', entity.type)
        .where('subject_id', '=', entity.id)
        .where('received_at', '>=', since)
        .orderBy('received_at', 'desc')
        .orderBy('id', 'desc')
        .limit(RECENT_MAX)
        .execute();
      return rows.map(signalOf);
    },
    failedSends: (about) => failedSends(db, engine, about),
    async pending() {
      const row = await db
        .selectFrom('webhooks')
        .selectAll()
        .where('processed_at', 'is', null)
        .orderBy('received_at')
        .orderBy('hash')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : pendingOf(row);
    },
  };
}

export function signalsChange(db: Db, engine: Engine): SignalsChange {
  return {
    ...signalsView(db, engine),
    async receive({ hash, source, ref, receivedAt, body }) {
      const row = { hash, source, ref, received_at: receivedAt, body, done: 0, processed_at: null };
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('webhooks')
        .values(row)
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },
    async advance(hash, { from, done, isAll, at }) {
      const { numUpdatedRows } = await db
        .updateTable('webhooks')
        .set({ done, processed_at: isAll ? at : null })
        .where('hash', '=', hash)
        .where('done', '=', from)
        .where('processed_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },
    async add(signal, { key, counts }) {
      const row = { ...columnsOf(signal), key };
      const { id } = await db
        .insertInto('signals')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet((eb) => ({ count: eb('signals.count', '+', counts ? signal.count : 0) })),
        )
        .returning('id')
        .executeTakeFirstOrThrow();
      return id === signal.id;
    },
    makeDue: (ids, about) => makeDue(db, engine, { ids, ...about }),
    prune: (before, limit) => prune(db, before, limit),
  };
}

async function failedSends(
  db: Db,
  engine: Engine,
  { since, channelIds }: Parameters<SignalsView['failedSends']>[0],
) {
  if (channelIds !== 'all') requireFew(channelIds.length);
  const rows = await db
    .selectFrom('signals')
    .select((eb) => [
      'channel_id',
      'code',
      // On PostgreSQL a sum of integers is of another type.
      sql<number>`cast(${eb.fn.sum('count')} as bigint)`.as('sends'),
    ])
    .where('code', 'is not', null)
    .where('channel_id', 'is not', null)
    .where('received_at', '>=', since)
    .$if(channelIds !== 'all', (some) =>
      some.where('channel_id', 'in', jsonIds(engine, channelIds === 'all' ? [] : channelIds)),
    )
    .groupBy(['channel_id', 'code'])
    .orderBy('channel_id')
    .orderBy('code')
    .limit(CODES_MAX)
    .execute();
  const byChannel = new Map<ChannelId, SendErrorCount[]>();
  for (const { channel_id, code, sends } of rows) {
    if (channel_id === null || code === null) continue;
    const errors = byChannel.get(channel_id) ?? [];
    if (byChannel.size >= CHANNELS_MAX && errors.length === 0) break;
    byChannel.set(channel_id, [...errors, { code, sends }]);
  }
  return [...byChannel].map(([channelId, errors]) => ({ channelId, errors }));
}

const CHANNELS_MAX = 500;

async function prune(db: Db, before: number, limit: number): Promise<number> {
  requireFew(limit);
  const oldWebhooks = db
    .selectFrom('webhooks')
    .select('hash')
    .where('received_at', '<', before)
    .orderBy('received_at')
    .limit(limit);
  const oldSignals = db
    .selectFrom('signals')
    .select('id')
    .where('received_at', '<', before)
    .orderBy('received_at')
    .limit(limit);
  const webhooks = db.deleteFrom('webhooks').where('hash', 'in', oldWebhooks);
  const signals = db.deleteFrom('signals').where('id', 'in', oldSignals);
  const [{ numDeletedRows: w }, { numDeletedRows: s }] = [
    await webhooks.executeTakeFirstOrThrow(),
    await signals.executeTakeFirstOrThrow(),
  ];
  return Number(w + s);
}

function pendingOf(row: WebhooksTable): PendingWebhook {
  const { hash, source, ref, received_at: receivedAt, body, done } = row;
  return { hash, source, ref, receivedAt, body, done };
}
