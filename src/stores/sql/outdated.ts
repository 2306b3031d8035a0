/** Channels whose view has turned outdated while nobody could read them. */
import { sql } from 'kysely';
import { STALENESS_INTERVALS, STALENESS_MS_MIN } from '#domain/freshness.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Page } from '#ports/page.ts';
import type { Db } from './engine.ts';
import { pageOf, rowsToAsk } from './paging.ts';

/** Looks at every watched channel: the caller sees to it that this costs nobody else anything. */
export async function outdatedChannels(
  db: Db,
  page: {
    readonly isTold: boolean;
    readonly now: number;
    readonly after: ChannelId | null;
    readonly limit: number;
  },
): Promise<Page<ChannelId>> {
  const limit = sql`${sql.lit(STALENESS_INTERVALS)} * channels.interval_ms`;
  const unreadable = db
    .selectFrom('signs')
    .select('signs.channel_id')
    .where('signs.channel_id', '=', sql.ref<ChannelId>('channel_attempts.channel_id'))
    .where('cause_kind', '=', 'unreadable');
  const rows = await db
    .selectFrom('channel_attempts')
    .innerJoin('channels', 'channels.id', 'channel_attempts.channel_id')
    .innerJoin('channel_states', 'channel_states.channel_id', 'channel_attempts.channel_id')
    .select('channel_attempts.channel_id as channel_id')
    .where('due_at', 'is not', null)
    .$if(!page.isTold, (query) =>
      query.where(sql<boolean>`coalesce(unknown_reason, 'unrecognised_word') in
        ('unrecognised_word', 'not_reported')`),
    )
    .$if(page.isTold, (query) =>
      query
        .where('messaging', '=', 'UNKNOWN')
        .where('unknown_reason', 'in', ['outdated', 'never_read'])
        .where((eb) => eb.not(eb.exists(unreadable))),
    )
    .where((eb) =>
      eb(
        sql<number>`coalesce(good_read_at, channels.created_at)`,
        '<',
        sql<number>`${page.now} - case when ${limit} > ${sql.lit(STALENESS_MS_MIN)}
          then ${limit} else ${sql.lit(STALENESS_MS_MIN)} end`,
      ),
    )
    .where(sql.ref('channel_attempts.channel_id'), '>', page.after ?? '')
    .orderBy('channel_attempts.channel_id')
    .limit(rowsToAsk(page))
    .execute();
  return pageOf(
    rows.map(({ channel_id }) => channel_id),
    page,
    (channelId) => channelId,
  );
}
