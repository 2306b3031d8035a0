/** Signs: what one channel shows of one cause. */
import { sql } from 'kysely';
import type { Capability } from '#domain/entity.ts';
import type { ChannelId, IncidentId } from '#domain/id.ts';
import { type Cause, causeKey } from '#domain/incidents/cause.ts';
import type { Sign } from '#domain/incidents/sign.ts';
import type { Status } from '#domain/status.ts';
import type { Suspicion } from '#ports/incidents.ts';
import type { Page, PageRequest } from '#ports/page.ts';
import type { Db } from './engine.ts';
import { causeColumns, causeOf } from './incident-row.ts';
import { pageOf, rowsToAsk } from './paging.ts';
import type { SignsTable } from './schema-incidents.ts';

/** What one channel can show; what its entities, capabilities and profile could say together is far less. */
const SIGNS_MAX = 500;

/** Locked, nobody else makes a member of a suspect that a good read is about to end, nor mutes or drops it. */
export async function signsOf(
  db: Db,
  channelId: ChannelId,
  { isLocking }: { readonly isLocking: boolean },
): Promise<readonly Sign[]> {
  const rows = await db
    .selectFrom('signs')
    .selectAll()
    .where('channel_id', '=', channelId)
    .orderBy('key')
    .limit(SIGNS_MAX)
    .$if(isLocking, (query) => query.forNoKeyUpdate())
    .execute();
  return rows.map(signOf);
}

export async function signsIn(db: Db, id: IncidentId, page: PageRequest): Promise<Page<Sign>> {
  const rows = await db
    .selectFrom('signs')
    .selectAll()
    .where('incident_id', '=', id)
    .$if(page.after !== null, (some) => some.where(sql.ref('channel_id'), '>', page.after))
    .orderBy('channel_id')
    .limit(rowsToAsk(page))
    .execute();
  return pageOf(rows.map(signOf), page, ({ channelId }) => channelId);
}

/** The earliest tell since when it is so; the ones after so many change nothing about how sure that is. */
const SUSPECTS_MAX = 500;

export async function suspicionOf(
  db: Db,
  {
    cause,
    capability,
    status,
  }: { readonly cause: Cause; readonly capability: Capability | null; readonly status: Status },
): Promise<Suspicion | null> {
  const suspects = db
    .selectFrom('signs')
    .select(['bad_reads', 'first_started_at', 'first_bad_at', 'good_at'])
    .where('key', '=', causeKey(cause, capability))
    .where('stage', '=', 'suspect')
    .$if(status === 'BLOCKED', (query) => query.where('status', '=', status))
    .orderBy('first_started_at')
    .limit(SUSPECTS_MAX);
  const row = await db
    .selectFrom(suspects.as('suspects'))
    .select((eb) => [
      eb.fn.countAll().as('channels'),
      eb.fn.sum('bad_reads').as('reads'),
      eb.fn.min('first_started_at').as('firstStartedAt'),
      eb.fn.min('first_bad_at').as('firstBadAt'),
      eb.fn.max('good_at').as('goodAt'),
    ])
    .executeTakeFirstOrThrow();
  const { firstStartedAt, firstBadAt, goodAt } = row;
  if (firstStartedAt === null || firstBadAt === null) return null;
  const [channels, reads] = [Number(row.channels), Number(row.reads)];
  return { channels, reads, firstStartedAt, firstBadAt, goodAt };
}

export async function putSign(db: Db, sign: Sign): Promise<void> {
  const { channel_id, key, ...about } = rowOf(sign);
  const channel = db.selectFrom('channels').select('upstream').where('id', '=', channel_id);
  const its = await channel.executeTakeFirst();
  if (its === undefined) return;
  const row = { ...about, upstream: its.upstream };
  await db
    .insertInto('signs')
    .values({ channel_id, key, ...row })
    .onConflict((conflict) => conflict.columns(['channel_id', 'key']).doUpdateSet(row))
    .execute();
}

export async function dropSign(
  db: Db,
  channelId: ChannelId,
  about: { readonly cause: Cause; readonly capability: Capability | null } | null,
): Promise<void> {
  const key = about === null ? '' : causeKey(about.cause, about.capability);
  await db
    .deleteFrom('signs')
    .where('channel_id', '=', channelId)
    .$if(about !== null, (some) => some.where('key', '=', key))
    .execute();
}

function rowOf(sign: Sign): Omit<SignsTable, 'upstream'> {
  const { channelId, cause, capability } = sign;
  return {
    channel_id: channelId,
    ...causeColumns(cause, capability),
    stage: sign.stage,
    incident_id: sign.incidentId,
    status: sign.status,
    codes: JSON.stringify(sign.codes),
    first_started_at: sign.firstStartedAt,
    first_bad_at: sign.firstBadAt,
    last_bad_at: sign.lastBadAt,
    bad_reads: sign.badReads,
    worked: sign.worked ? 1 : 0,
    replaced: sign.replaced,
    good_since: sign.goodSince,
    good_at: sign.goodAt,
  };
}

export function signOf(row: SignsTable): Sign {
  return {
    channelId: row.channel_id,
    cause: causeOf(row),
    capability: row.capability,
    stage: row.stage,
    incidentId: row.incident_id,
    status: row.status,
    codes: JSON.parse(row.codes),
    firstStartedAt: row.first_started_at,
    firstBadAt: row.first_bad_at,
    lastBadAt: row.last_bad_at,
    badReads: row.bad_reads,
    worked: row.worked === 1,
    replaced: row.replaced,
    goodSince: row.good_since,
    goodAt: row.good_at,
  };
}
