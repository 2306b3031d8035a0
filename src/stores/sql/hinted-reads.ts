/** Hints make channels due: at once, but each channel at most once in a while. */
import type { ChannelId } from '#domain/id.ts';
import { requireFew } from './bulk.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds } from './json-rows.ts';

/**
 * A hint that comes too early after another is not lost: the channel is made due later. Those that come before
 * that moment need nothing more. Gives how many channels have a schedule to be moved in.
 */
export async function makeDue(
  db: Db,
  engine: Engine,
  about: { readonly ids: readonly ChannelId[]; readonly now: number; readonly everyMs: number },
): Promise<number> {
  const { ids, now, everyMs } = about;
  requireFew(ids.length);
  const rows = await db
    .selectFrom('channel_attempts')
    .leftJoin('hinted_reads', 'hinted_reads.channel_id', 'channel_attempts.channel_id')
    .select(['channel_attempts.channel_id as id', 'hinted_reads.at as hintedAt'])
    .where('channel_attempts.channel_id', 'in', jsonIds(engine, ids))
    .where('channel_attempts.due_at', 'is not', null)
    // Two programs take rows in one order, so that neither waits for the other.
    .orderBy('channel_attempts.channel_id')
    .execute();
  for (const { id, hintedAt } of rows) {
    const at = nextAt(hintedAt, now, everyMs);
    if (at === null) continue;
    await db
      .insertInto('hinted_reads')
      .values({ channel_id: id, at })
      .onConflict((conflict) => conflict.column('channel_id').doUpdateSet({ at }))
      .execute();
    await db
      .updateTable('channel_attempts')
      .set({ due_at: at })
      .where('channel_id', '=', id)
      .where('due_at', '>', at)
      .execute();
  }
  return rows.length;
}

/** Null when one is to come. A moment that no hint of now could have set is that of a clock put back. */
function nextAt(hintedAt: number | null, now: number, everyMs: number): number | null {
  if (hintedAt === null || hintedAt > now + everyMs || hintedAt + everyMs <= now) return now;
  return hintedAt > now ? null : hintedAt + everyMs;
}
