/** How often a channel falls due: its interval, stretched for a budget or slowed down for a key. */
import { type Expression, sql } from 'kysely';
import type { ChannelId } from '#domain/id.ts';
import { nextDueAt } from '#domain/schedule.ts';
import { requireFew } from './bulk.ts';
import type { Db, Engine } from './engine.ts';

/** The pace of a channel is that of the bucket it comes into: its interval, stretched as all there are. */
export async function setBucket(db: Db, id: ChannelId, bucket: string): Promise<void> {
  const budget = db.selectFrom('budgets').select('stretch_permille').where('bucket', '=', bucket);
  const stretched = (await budget.executeTakeFirst())?.stretch_permille ?? 1_000;
  const channel = db.selectFrom('channels').select('interval_ms').where('id', '=', id);
  const row = await channel.executeTakeFirst();
  if (row === undefined) return;
  const pace_ms = Math.round((row.interval_ms * stretched) / 1_000);
  const set = db.updateTable('channel_attempts').set({ bucket, pace_ms });
  await set.where('channel_id', '=', id).execute();
}

/** The pace alone: when it falls due next is for its back-off to say. */
export async function slowDown(db: Db, id: ChannelId, paceMsMax: number): Promise<void> {
  const set = db.updateTable('channel_attempts').set((eb) => ({
    pace_ms: eb
      .case()
      .when(eb('pace_ms', '*', 2), '<', paceMsMax)
      .then(eb('pace_ms', '*', 2))
      .when('pace_ms', '<', paceMsMax)
      .then(paceMsMax)
      .else(eb.ref('pace_ms'))
      .end(),
  }));
  await set.where('channel_id', '=', id).execute();
}

export async function stretch(
  db: Db,
  bucket: string,
  { stretch: factor, limit }: { readonly stretch: number; readonly limit: number },
): Promise<number> {
  requireFew(limit);
  // Both times in SQL: were they rounded differently, the same rows would be changed for ever.
  const paceOf = (intervalMs: Expression<number>) =>
    sql<number>`cast(round(${intervalMs} * cast(${factor} as numeric)) as integer)`;
  const rows = await db
    .selectFrom('channel_attempts')
    .innerJoin('channels', 'channels.id', 'channel_attempts.channel_id')
    .select(['channel_attempts.channel_id', 'channels.interval_ms'])
    .where('channel_attempts.bucket', '=', bucket)
    .where((eb) => eb('channel_attempts.pace_ms', '<>', paceOf(eb.ref('channels.interval_ms'))))
    .orderBy('channel_attempts.channel_id')
    .limit(limit)
    .execute();
  for (const { channel_id, interval_ms } of rows) {
    const pace_ms = paceOf(sql`${sql.lit(interval_ms)}`);
    const set = db.updateTable('channel_attempts').set({ pace_ms });
    await set.where('channel_id', '=', channel_id).execute();
  }
  return rows.length;
}

export async function rebase(
  db: Db,
  engine: Engine,
  {
    now,
    leaseMs,
    limit,
  }: { readonly now: number; readonly leaseMs: number; readonly limit: number },
): Promise<number> {
  requireFew(limit);
  const rows = await db
    .selectFrom('channel_attempts')
    .select(['channel_id', 'slot', 'pace_ms', 'due_at', 'lease_until'])
    .where((eb) =>
      eb.or([
        eb('due_at', '>', eb(eb.val(now), '+', eb.ref('pace_ms'))),
        eb('lease_until', '>', now + leaseMs),
      ]),
    )
    .orderBy('channel_id')
    .$if(engine.rowLocks, (query) => query.forUpdate())
    .limit(limit)
    .execute();
  for (const { channel_id, slot, pace_ms, due_at, lease_until } of rows) {
    const next = nextDueAt(slot, pace_ms, now);
    const set = {
      due_at: due_at === null ? null : Math.min(due_at, next),
      lease_until: Math.min(lease_until, now + leaseMs),
    };
    const update = db.updateTable('channel_attempts').set(set);
    await update.where('channel_id', '=', channel_id).execute();
  }
  return rows.length;
}
