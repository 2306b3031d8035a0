/** Erasing deliveries with their attempts, a few rows at a time. */
import type { DeliveryId, ReceiverId } from '#domain/id.ts';
import { requireFew } from './bulk.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds } from './json-rows.ts';

const ROWS_MAX = 500;

export async function pruneDeliveries(
  db: Db,
  engine: Engine,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  requireFew(limit);
  const rows = await db
    .selectFrom('deliveries')
    .select('id')
    .where('created_at', '<', before)
    .where('state', '<>', 'pending')
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .$if(engine.rowLocks, (query) => query.forUpdate().skipLocked())
    .execute();
  await erase(
    db,
    engine,
    rows.map(({ id }) => id),
  );
  return rows.length;
}

/** Everything that was ever owed to it. */
export async function eraseDeliveriesOf(db: Db, engine: Engine, id: ReceiverId): Promise<void> {
  const some = db.selectFrom('deliveries').select('id').where('receiver_id', '=', id);
  for (;;) {
    const rows = await some.limit(ROWS_MAX).execute();
    if (rows.length === 0) return;
    await erase(
      db,
      engine,
      rows.map((row) => row.id),
    );
  }
}

async function erase(db: Db, engine: Engine, ids: readonly DeliveryId[]): Promise<void> {
  if (ids.length === 0) return;
  const attempts = db.deleteFrom('delivery_attempts');
  await attempts.where('delivery_id', 'in', jsonIds(engine, ids)).execute();
  await db.deleteFrom('deliveries').where('id', 'in', jsonIds(engine, ids)).execute();
}
