/** The fleet counted in pages, so that no statement reads more channels than a page has. */
import { sql } from 'kysely';
import type { ChannelId } from '#domain/id.ts';
import { STALENESS_INTERVALS, STALENESS_MS_MIN } from '#domain/freshness.ts';
import type { FleetGroup, FleetView, TroubledChannel, VerdictChange } from '#ports/fleet.ts';
import { namesOf } from './channel-row.ts';
import type { Db } from './engine.ts';

const PAGE_MAX = 500;
const CHANGES_MAX = 200;

export function fleetView(db: Db): FleetView {
  return {
    async tally(about) {
      const limit = Math.min(about.limit, PAGE_MAX);
      const rows = await groupsOf(db, { ...about, limit });
      const seen = rows.reduce((sum, row) => sum + Number(row.channels), 0);
      const last = rows.reduce<ChannelId | null>(
        (max, row) => (max === null || row.last > max ? row.last : max),
        null,
      );
      return { groups: rows.map(groupOf), next: seen < limit ? null : last };
    },
    lastChanges: (limit) => lastChanges(db, Math.min(limit, CHANGES_MAX)),
    async troubled({ status, cause, limit }) {
      const rows = await db
        .selectFrom('channel_states as s')
        .innerJoin('channels as c', 'c.id', 's.channel_id')
        .innerJoin('profiles as p', 'p.channel_id', 's.channel_id')
        .select(['p.display_number', 'p.verified_name'])
        .select(['c.id', 'c.name', 's.messaging', 's.unknown_reason', 's.cause'])
        .select(['s.since_messaging', 's.trust_state', 's.trust_since'])
        .where('s.messaging', '=', status)
        .$if(cause === null, (query) => query.where('s.cause', 'is', null))
        .$if(typeof cause === 'string', (query) => query.where('s.cause', '=', cause ?? ''))
        .where('c.archived_at', 'is', null)
        .where('c.paused_at', 'is', null)
        .orderBy('s.cause')
        .orderBy('s.channel_id')
        .limit(Math.min(limit, PAGE_MAX))
        .execute();
      return rows.map((row): TroubledChannel => ({
        id: row.id,
        name: row.name,
        names: namesOf(row),
        status: row.messaging,
        reason: row.unknown_reason,
        cause: row.cause,
        since: row.trust_state === 'ended' ? row.trust_since : sinceOf(row),
      }));
    },
  };
}

/** Ids sort by creation, so the last written are the last of the primary key. */
async function lastChanges(db: Db, limit: number): Promise<readonly VerdictChange[]> {
  const rows = await db
    .selectFrom((from) =>
      from
        .selectFrom('transitions')
        .select(['id', 'channel_id', 'kind', 'capability', 'was', 'is', 'detail', 'at'])
        .orderBy('id', 'desc')
        .limit(PAGE_MAX)
        .as('t'),
    )
    .innerJoin('channels', 'channels.id', 't.channel_id')
    .innerJoin('profiles', 'profiles.channel_id', 't.channel_id')
    .select(['t.id', 't.channel_id', 't.capability', 't.was', 't.is', 't.detail', 't.at'])
    .select(['channels.name', 'profiles.display_number', 'profiles.verified_name'])
    .where('t.kind', '=', 'verdict')
    .orderBy('t.id', 'desc')
    .limit(limit)
    .execute();
  return rows.flatMap((row) => {
    const { id, channel_id: channelId, name: channel, capability, was, is, detail, at } = row;
    if (capability === null) return [];
    return [
      { id, channelId, channel, names: namesOf(row), capability, was, is, reason: detail, at },
    ];
  });
}

/** Of one that is outdated the store knows when it was read, not when somebody noticed. */
function sinceOf(row: { unknown_reason: string | null; since_messaging: number | null }) {
  return row.unknown_reason === 'outdated' ? null : row.since_messaging;
}

type GroupRow = Awaited<ReturnType<typeof groupsOf>>[number];

/** One page, judged row by row as `standingOf` in `domain` does, then counted. */
function groupsOf(
  db: Db,
  { now, after, limit }: { now: number; after: ChannelId | null; limit: number },
) {
  return db
    .with('page', (with_) =>
      with_
        .selectFrom('channels')
        .select(['id', 'upstream', 'interval_ms', 'paused_at'])
        .where('archived_at', 'is', null)
        .$if(after !== null, (query) => query.where('id', '>', after ?? 'ch_'))
        .orderBy('id')
        .limit(limit),
    )
    .with('judged', (with_) =>
      with_
        .selectFrom('page')
        .innerJoin('channel_attempts as a', 'a.channel_id', 'page.id')
        .innerJoin('channel_states as s', 's.channel_id', 'page.id')
        .select(['page.id', 'page.upstream', 's.messaging', 's.unknown_reason', 's.cause'])
        .select('a.good_read_at')
        .select(sql<number>`case when page.paused_at is null then 0 else 1 end`.as('paused'))
        .select(lapseAt(now).as('lapse')),
    )
    .selectFrom('judged')
    .select(['upstream', 'paused', 'lapse', 'messaging', 'unknown_reason', 'cause'])
    .select((eb) => [
      eb.fn.countAll<number | string>().as('channels'),
      eb.fn.min('good_read_at').as('oldest'),
      eb.fn.max('id').as('last'),
    ])
    .groupBy(['upstream', 'paused', 'lapse', 'messaging', 'unknown_reason', 'cause'])
    .execute();
}

/** Why what is recorded may not be said any more; `none` when it may. */
type Lapse = 'never_read' | 'not_trusted' | 'outdated' | 'none';

function lapseAt(now: number) {
  const intervals = sql.lit(STALENESS_INTERVALS);
  const least = sql.lit(STALENESS_MS_MIN);
  return sql<Lapse>`case
    when a.good_read_at is null then 'never_read'
    when s.trust_state = 'ended' then 'not_trusted'
    when a.good_read_at < ${now} - (case when page.interval_ms * ${intervals} > ${least}
      then page.interval_ms * ${intervals} else ${least} end) then 'outdated'
    else 'none' end`;
}

function groupOf(row: GroupRow): FleetGroup {
  const lapse = row.lapse === 'none' ? null : row.lapse;
  const status = lapse === null ? row.messaging : 'UNKNOWN';
  return {
    upstream: row.upstream,
    isPaused: row.paused === 1,
    status,
    reason: lapse ?? row.unknown_reason,
    cause: status === 'LIMITED' || status === 'BLOCKED' ? row.cause : null,
    channels: Number(row.channels),
    oldestReadAt: row.oldest,
  };
}
