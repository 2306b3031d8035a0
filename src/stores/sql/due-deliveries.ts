/** Since when a message waits for nobody but us. */
import { PENDING } from './claim-deliveries.ts';
import type { Db } from './engine.ts';

/** Asked receiver by receiver, as the index goes; what a receiver holds or an earlier message keeps is passed over. */
export async function oldestDueAt(db: Db, now: number): Promise<number | null> {
  const rows = await db
    .selectFrom('receivers')
    .select((eb) =>
      eb
        .selectFrom('deliveries as due')
        .select('due.next_at')
        .whereRef('due.receiver_id', '=', 'receivers.id')
        .where('due.state', '=', PENDING)
        .where('due.next_at', '<=', now)
        .where((of) =>
          of.not(
            of.exists(
              of
                .selectFrom('deliveries as earlier')
                .select('earlier.id')
                .whereRef('earlier.incident_id', '=', 'due.incident_id')
                .whereRef('earlier.receiver_id', '=', 'due.receiver_id')
                .whereRef('earlier.id', '<', 'due.id')
                .where('earlier.state', '=', PENDING),
            ),
          ),
        )
        .orderBy('due.next_at')
        .limit(1)
        .as('at'),
    )
    .where('held_until', '<=', now)
    .execute();
  const due = rows.flatMap(({ at }) => (at === null ? [] : [at]));
  return due.length === 0 ? null : Math.min(...due);
}
