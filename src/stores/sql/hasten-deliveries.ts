/** What a receiver refused and that waits for its next try comes at once when the receiver takes something again. */
import type { ReceiverId } from '#domain/id.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds } from './json-rows.ts';

const HASTENED_AT_ONCE = 500;

/** The earliest first; more than that are hastened by the next that it takes. Gives how many there were. */
export async function hastenDeliveries(
  db: Db,
  engine: Engine,
  { receiverId, now }: { readonly receiverId: ReceiverId; readonly now: number },
): Promise<number> {
  const waiting = await db
    .selectFrom('deliveries')
    .select('id')
    .where('receiver_id', '=', receiverId)
    .where('state', '=', 'pending')
    .where('next_at', '>', now)
    .where('attempts', '>', 0)
    .where('delivered_at', 'is', null)
    .orderBy('next_at')
    .orderBy('id')
    .limit(HASTENED_AT_ONCE)
    .execute();
  if (waiting.length === 0) return 0;
  const ids = jsonIds(
    engine,
    waiting.map(({ id }) => id),
  );
  await db
    .updateTable('deliveries')
    .set({ next_at: now })
    .where('id', 'in', ids)
    .where('state', '=', 'pending')
    .execute();
  return waiting.length;
}
