/** The outbox: deliveries, how they ended, and what was attempted. */
import { sql } from 'kysely';
import type { DeliveryId, IncidentId } from '#domain/id.ts';
import {
  type Delivery,
  type DeliveryAttempt,
  type DeliveryState,
  DELIVERY_STATES,
} from '#domain/telling/delivery.ts';
import type { DeliveryFilter, OutboxChange, OutboxView } from '#ports/outbox.ts';
import type { Page, PageRequest } from '#ports/page.ts';
import { requireFew } from './bulk.ts';
import { claimDue, PENDING } from './claim-deliveries.ts';
import {
  attemptOf,
  columnsOf,
  DELIVERY_COLUMNS,
  deliveryOf,
  endOf,
  reasonOf,
} from './delivery-row.ts';
import { oldestDueAt } from './due-deliveries.ts';
import type { Db, Engine } from './engine.ts';
import { pruneDeliveries } from './erase-deliveries.ts';
import { hastenDeliveries } from './hasten-deliveries.ts';
import { jsonIds, jsonRows } from './json-rows.ts';
import { pageOf, rowsToAsk } from './paging.ts';
import { storable } from './transition-row.ts';

const ROWS_MAX = 500;

export function outboxView(db: Db): OutboxView {
  return {
    find: (id) => findDelivery(db, id, { isLocking: false }),
    list: (page, filter) => listDeliveries(db, page, filter),
    async about(incidentId, receiverId) {
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('incident_id', '=', incidentId)
        .where('receiver_id', '=', receiverId)
        .orderBy('id')
        .limit(ROWS_MAX)
        .execute();
      return rows.map(deliveryOf);
    },
    async attemptsOf(id) {
      const query = db.selectFrom('delivery_attempts').selectAll().where('delivery_id', '=', id);
      return (await query.orderBy('no').limit(ROWS_MAX).execute()).map(attemptOf);
    },
    async newestOf(receiverId, kind) {
      const row = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('receiver_id', '=', receiverId)
        .where('kind', '=', kind)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : deliveryOf(row);
    },
    async deliveredSince(receiverId, since) {
      const { count } = await db
        .selectFrom('deliveries')
        .select((eb) => eb.fn.countAll().as('count'))
        .where('receiver_id', '=', receiverId)
        .where('delivered_at', '>=', since)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    oldestDueAt: (now) => oldestDueAt(db, now),
    countsByState: () => countsByState(db),
  };
}

export function outboxChange(db: Db, engine: Engine): OutboxChange {
  return {
    ...outboxView(db),
    find: (id) => findDelivery(db, id, { isLocking: engine.rowLocks }),
    add: (deliveries) => addDeliveries(db, engine, deliveries),
    claimDue: (about) => claimDue(db, engine, about),
    async dueOf(receiverId, { now, limit, group }) {
      requireFew(limit);
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('receiver_id', '=', receiverId)
        .where('state', '=', PENDING)
        .where('next_at', '<=', now)
        .where('lease_until', '<=', now)
        .$if(group !== undefined, (some) => some.where('group_key', '=', group ?? ''))
        .orderBy('next_at')
        .orderBy('id')
        .limit(limit)
        .$if(engine.rowLocks, (some) => some.forUpdate().skipLocked())
        .execute();
      return rows.map(deliveryOf);
    },
    async finish(delivery) {
      const { numUpdatedRows } = await db
        .updateTable('deliveries')
        .set({ ...endOf(delivery), lease_until: 0 })
        .where('id', '=', delivery.id)
        .where('claim', '=', delivery.claim)
        .where('state', '=', 'pending')
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    settle: (ids, about) => settle(db, engine, { ids, ...about }),
    addAttempt: (attempt) => addAttempt(db, engine, attempt),
    release: (incidentId, now) => release(db, engine, { incidentId, now }),
    hasten: (receiverId, now) => hastenDeliveries(db, engine, { receiverId, now }),
    prune: (about) => pruneDeliveries(db, engine, about),
  };
}

async function findDelivery(
  db: Db,
  id: DeliveryId,
  { isLocking }: { readonly isLocking: boolean },
): Promise<Delivery | null> {
  const row = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('id', '=', id)
    .$if(isLocking, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row === undefined ? null : deliveryOf(row);
}

/**
 * One range of one index for each state that is asked for; those of an incident are few enough to be looked
 * through.
 */
async function listDeliveries(
  db: Db,
  page: PageRequest,
  { incidentId, receiverId, states }: DeliveryFilter,
): Promise<Page<Delivery>> {
  const limit = rowsToAsk(page);
  const asked = db
    .selectFrom('deliveries')
    .selectAll()
    .$if(incidentId !== undefined, (some) => some.where('incident_id', '=', incidentId ?? null))
    .$if(receiverId !== undefined, (some) => some.where('receiver_id', '=', receiverId ?? 'rcv_'))
    .$if(page.after !== null, (some) => some.where(sql<boolean>`id < ${page.after}`))
    .orderBy('id', 'desc')
    .limit(limit);
  if (incidentId !== undefined || (receiverId === undefined && states === undefined)) {
    const few = states === undefined ? asked : asked.where('state', 'in', [...states]);
    const rows = states?.length === 0 ? [] : await few.execute();
    return pageOf(rows.map(deliveryOf), page, ({ id }) => id);
  }
  const found: Delivery[] = [];
  for (const state of new Set(states ?? DELIVERY_STATES)) {
    found.push(...(await asked.where('state', '=', state).execute()).map(deliveryOf));
  }
  const newest = found.toSorted((one, other) => (one.id < other.id ? 1 : -1)).slice(0, limit);
  return pageOf(newest, page, ({ id }) => id);
}

async function countsByState(db: Db): Promise<Record<DeliveryState, number>> {
  const rows = await db
    .selectFrom('deliveries')
    .select((eb) => ['state', eb.fn.countAll().as('count')])
    .groupBy('state')
    .execute();
  const countOf = (state: DeliveryState) =>
    Number(rows.find((row) => row.state === state)?.count ?? 0);
  return {
    pending: countOf('pending'),
    delivered: countOf('delivered'),
    dead: countOf('dead'),
    superseded: countOf('superseded'),
    merged: countOf('merged'),
    withheld: countOf('withheld'),
  };
}

async function addDeliveries(
  db: Db,
  engine: Engine,
  deliveries: readonly Delivery[],
): Promise<void> {
  requireFew(deliveries.length);
  if (deliveries.length === 0) return;
  const names = Object.keys(DELIVERY_COLUMNS).filter((name) => isColumn(name));
  await db
    .with('fresh', () =>
      jsonRows(
        engine,
        DELIVERY_COLUMNS,
        deliveries.map((delivery) => ({ ...columnsOf(delivery) })),
      ),
    )
    .insertInto('deliveries')
    .columns(names)
    .expression((eb) =>
      // Without a condition SQLite takes "on conflict" for the condition of a join.
      eb
        .selectFrom('fresh')
        .select(names)
        .where(sql<boolean>`true`),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['incident_id', 'receiver_id', 'kind', 'seq'])
        .where('incident_id', 'is not', null)
        .doNothing(),
    )
    .execute();
  if (deliveries.some(isDueAtOnce)) await announceDue(db, engine);
}

function isDueAtOnce({ state, nextAt, createdAt }: Delivery): boolean {
  return state === 'pending' && nextAt <= createdAt;
}

function isColumn(name: string): name is keyof typeof DELIVERY_COLUMNS {
  return Object.hasOwn(DELIVERY_COLUMNS, name);
}

/** Whoever hears it looks at once; whoever does not looks a moment later. */
function announceDue(db: Db, engine: Engine): Promise<void> {
  return engine.announce(db, { noun: 'delivery', ref: 'due' });
}

type Settling = Parameters<OutboxChange['settle']>[1] & { readonly ids: readonly DeliveryId[] };

async function settle(db: Db, engine: Engine, settling: Settling): Promise<number> {
  const { ids, now, state, nextAt, mergedInto } = settling;
  requireFew(ids.length);
  const set = {
    state,
    reason: reasonOf(settling),
    lease_until: 0,
    ...(nextAt !== undefined && { next_at: nextAt }),
    ...(mergedInto !== undefined && { merged_into: mergedInto }),
  };
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set(set)
    .$if(state === 'pending', (some) =>
      some.set((eb) => ({
        attempts: eb.case().when('state', '=', 'pending').then(eb.ref('attempts')).else(0).end(),
      })),
    )
    .where('id', 'in', jsonIds(engine, ids))
    .where('state', '<>', 'delivered')
    .where('lease_until', '<=', now)
    .executeTakeFirstOrThrow();
  if (state === 'pending' && numUpdatedRows > 0n) await announceDue(db, engine);
  return Number(numUpdatedRows);
}

async function addAttempt(db: Db, engine: Engine, attempt: DeliveryAttempt): Promise<void> {
  // Locked, so that two who attempted it at once do not count the same.
  const { deliveryId: delivery_id } = attempt;
  if ((await findDelivery(db, delivery_id, { isLocking: engine.rowLocks })) === null) return;
  const { last } = await db
    .selectFrom('delivery_attempts')
    .select((eb) => eb.fn.max('no').as('last'))
    .where('delivery_id', '=', delivery_id)
    .executeTakeFirstOrThrow();
  const { at, tookMs: took_ms, outcome, status } = attempt;
  const seen = { at, took_ms, outcome, status, detail: storable(attempt.detail) };
  const no = (last ?? 0) + 1;
  await db
    .insertInto('delivery_attempts')
    .values({ delivery_id, no, ...seen })
    .execute();
}

async function release(
  db: Db,
  engine: Engine,
  { incidentId, now }: { readonly incidentId: IncidentId; readonly now: number },
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set({ next_at: now })
    .where('incident_id', '=', incidentId)
    .where('state', '=', PENDING)
    .where('kind', '=', 'opened')
    .where('attempts', '=', 0)
    .where('group_key', 'is', null)
    .where('next_at', '>', now)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) await announceDue(db, engine);
}
