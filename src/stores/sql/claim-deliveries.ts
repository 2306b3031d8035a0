/**
 * Claiming deliveries: which are due, whose turn it is, and the lease. Every step is a range of an index of
 * pending ones for a receiver that may be sent to, so that what waits for the others costs nothing.
 */
import { sql } from 'kysely';
import type { ReceiverId } from '#domain/id.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { OutboxChange } from '#ports/outbox.ts';
import { requireFew } from './bulk.ts';
import { deliveryOf } from './delivery-row.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds } from './json-rows.ts';
import type { DeliveriesTable } from './schema-incidents.ts';

type Claim = Parameters<OutboxChange['claimDue']>[0];

/** Partial indexes serve a query only where it says literally what they say. */
export const PENDING = sql.lit('pending' as const);

export async function claimDue(db: Db, engine: Engine, claim: Claim): Promise<readonly Delivery[]> {
  const { now, limit, leaseMs, perReceiver = Infinity } = claim;
  requireFew(limit);
  const receivers = await receiversWithDue(db, engine, now);
  const first = receivers.flatMap(({ id, leased }) => {
    const free = Math.min(limit, perReceiver - Number(leased));
    return free > 0 ? [turnsOf(db, engine, { id, free, now })] : [];
  });
  if (first.length === 0) return [];
  const due = await sql<Pick<DeliveriesTable, 'id' | 'next_at'>>`
    select id, next_at from (${sql.join(first, sql` union all `)}) as first
    order by next_at, id limit ${limit}`.execute(db);
  if (due.rows.length === 0) return [];
  const ids = due.rows.map(({ id }) => id);
  const claimed = await db
    .updateTable('deliveries')
    .set((eb) => ({ claim: eb('claim', '+', 1), lease_until: now + leaseMs }))
    .where('id', 'in', jsonIds(engine, ids))
    .returningAll()
    .execute();
  const places = new Map(ids.map((id, at) => [id, at]));
  return claimed
    .map(deliveryOf)
    .toSorted((one, other) => (places.get(one.id) ?? 0) - (places.get(other.id) ?? 0));
}

/**
 * The receivers that may be sent to and have something due, with how many are being sent to each. Their rows
 * are locked, so that two programs never see the same pair free: the second passes over it.
 */
function receiversWithDue(db: Db, { rowLocks }: Engine, now: number) {
  return db
    .selectFrom('receivers')
    .select((eb) => [
      'id',
      eb
        .selectFrom('deliveries')
        .select((of) => of.fn.countAll().as('count'))
        .whereRef('deliveries.receiver_id', '=', 'receivers.id')
        .where('deliveries.state', '=', PENDING)
        .where('deliveries.lease_until', '>', sql.lit(0))
        .where('deliveries.lease_until', '>', now)
        .as('leased'),
    ])
    .where('held_until', '<=', now)
    .where((eb) => {
      // Not as "exists", which PostgreSQL answers by reading all that is due.
      const first = eb
        .selectFrom('deliveries')
        .select('deliveries.next_at')
        .whereRef('deliveries.receiver_id', '=', 'receivers.id')
        .where('deliveries.state', '=', PENDING)
        .orderBy('deliveries.next_at')
        .limit(1);
      return eb(first, '<=', now);
    })
    .$if(rowLocks, (query) => query.forNoKeyUpdate('receivers').skipLocked())
    .execute();
}

/** The due ones of a receiver whose turn it is. */
function turnsOf(
  db: Db,
  { rowLocks }: Engine,
  { id, free, now }: { readonly id: ReceiverId; readonly free: number; readonly now: number },
) {
  const turns = db
    .selectFrom('deliveries as due')
    .select(['due.id', 'due.next_at'])
    .where('due.receiver_id', '=', id)
    .where('due.state', '=', PENDING)
    .where('due.next_at', '<=', now)
    .where('due.lease_until', '<=', now)
    .where(isFirstOfItsPair(now))
    .orderBy('due.next_at')
    .orderBy('due.id')
    .limit(free)
    .$if(rowLocks, (query) => query.forUpdate('due').skipLocked());
  // An order, a limit and locks of its own are only allowed to a query within a query.
  return sql`select id, next_at from ${turns} as turns`;
}

/**
 * No earlier one of its incident waits for the same receiver, and no other is being sent. Not as "not exists",
 * which PostgreSQL answers by joining all that waits; so it looks only at those before the limit.
 */
function isFirstOfItsPair(now: number) {
  return sql<boolean>`(
    select other.id from deliveries as other
    where other.incident_id = due.incident_id
      and other.receiver_id = due.receiver_id
      and other.state = ${PENDING}
      and (other.id < due.id or (other.id <> due.id and other.lease_until > ${now}))
    limit 1
  ) is null`;
}
