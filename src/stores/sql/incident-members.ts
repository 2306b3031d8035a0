/** Who is and was a member of an incident. */
import { type RawBuilder, sql } from 'kysely';
import type { ChannelId, IncidentId } from '#domain/id.ts';
import { causeKey } from '#domain/incidents/cause.ts';
import type { Incident, LeftReason, Member } from '#domain/incidents/incident.ts';
import type { Sign } from '#domain/incidents/sign.ts';
import type { MemberCounts } from '#ports/incidents.ts';
import { requireFew } from './bulk.ts';
import type { Db, Engine } from './engine.ts';
import { rowOfMember } from './incident-row.ts';
import { jsonIds } from './json-rows.ts';
import type { IncidentMembersTable } from './schema-incidents.ts';
import { signOf } from './signs.ts';

export async function countsOf(db: Db, id: IncidentId): Promise<MemberCounts> {
  const { affected, ever } = await db
    .selectNoFrom((eb) => {
      const counted = eb
        .selectFrom('incident_members')
        .select((members) => members.fn.countAll().as('count'))
        .where('incident_id', '=', id);
      return [counted.where('left_at', 'is', null).as('affected'), counted.as('ever')];
    })
    .executeTakeFirstOrThrow();
  return { affected: Number(affected), ever: Number(ever) };
}

export async function lastRecoveryOf(db: Db, id: IncidentId): Promise<number | null> {
  const { at } = await db
    .selectFrom('incident_members')
    .select((eb) => eb.fn.max('left_at').as('at'))
    .where('incident_id', '=', id)
    .where(sql<boolean>`${sql.ref('left_reason')} = 'recovered'`)
    .executeTakeFirstOrThrow();
  return at;
}

/** Where so many cannot be seen, the others cannot either. */
const LOOKED_AT_MAX = 500;

export async function newestReadOf(db: Db, id: IncidentId): Promise<number | null> {
  const members = db
    .selectFrom('incident_members')
    .innerJoin('channel_attempts', 'channel_attempts.channel_id', 'incident_members.channel_id')
    .select('good_read_at')
    .where('incident_id', '=', id)
    .where('left_at', 'is', null)
    .orderBy('incident_members.channel_id')
    .limit(LOOKED_AT_MAX);
  const { at } = await db
    .selectFrom(members.as('members'))
    .select((eb) => eb.fn.max('good_read_at').as('at'))
    .executeTakeFirstOrThrow();
  return at;
}

export async function join(db: Db, member: Member): Promise<void> {
  const { incident_id, channel_id, ...rest } = rowOfMember(member);
  await db
    .insertInto('incident_members')
    .values({ incident_id, channel_id, ...rest })
    .onConflict((conflict) => conflict.columns(['incident_id', 'channel_id']).doUpdateSet(rest))
    .execute();
}

export async function leave(
  db: Db,
  id: IncidentId,
  about: { readonly channelId: ChannelId; readonly at: number; readonly reason: LeftReason },
): Promise<void> {
  await db
    .updateTable('incident_members')
    .set({ left_at: about.at, left_reason: about.reason })
    .where('incident_id', '=', id)
    .where('channel_id', '=', about.channelId)
    .where('left_at', 'is', null)
    .execute();
}

const MEMBER_COLUMNS = [
  'incident_id',
  'channel_id',
  'joined_at',
  'first_bad_at',
  'status',
  'worked',
  'replaced',
  'left_at',
  'left_reason',
] as const satisfies readonly (keyof IncidentMembersTable)[];

/** Signs are locked in the order of their channels, so that nobody waits for another in a circle. */
export async function enlist(
  db: Db,
  engine: Engine,
  about: { readonly incident: Incident; readonly at: number; readonly limit: number },
): Promise<readonly Sign[]> {
  const { incident, at, limit } = about;
  requireFew(limit);
  const key = causeKey(incident.cause, incident.capability);
  const suspects = await db
    .selectFrom('signs')
    .select('channel_id')
    .where('key', '=', key)
    .where('stage', '=', 'suspect')
    .orderBy('channel_id')
    .limit(limit)
    .$if(engine.rowLocks, (query) => query.forNoKeyUpdate())
    .execute();
  if (suspects.length === 0) return [];
  const ids = jsonIds(
    engine,
    suspects.map(({ channel_id }) => channel_id),
  );
  const signs = await db
    .updateTable('signs')
    .set({ stage: 'member', incident_id: incident.id })
    .where('key', '=', key)
    .where('channel_id', 'in', ids)
    .returningAll()
    .execute();
  await joinAll(db, { key, ids, at });
  return signs.map(signOf).toSorted((one, other) => (one.channelId < other.channelId ? -1 : 1));
}

/** Members as their signs are; whoever was one before is one anew. */
async function joinAll(
  db: Db,
  {
    key,
    ids,
    at,
  }: { readonly key: string; readonly ids: RawBuilder<ChannelId>; readonly at: number },
): Promise<void> {
  await db
    .insertInto('incident_members')
    .columns(MEMBER_COLUMNS)
    .expression((eb) =>
      eb
        .selectFrom('signs')
        .select([
          'incident_id',
          'channel_id',
          sql<number>`cast(${at} as bigint)`.as('joined_at'),
          'first_bad_at',
          'status',
          'worked',
          'replaced',
          sql<null>`cast(null as bigint)`.as('left_at'),
          sql<null>`null`.as('left_reason'),
        ])
        .where('key', '=', key)
        .where('channel_id', 'in', ids),
    )
    .onConflict((conflict) =>
      conflict.columns(['incident_id', 'channel_id']).doUpdateSet((eb) => ({
        joined_at: eb.ref('excluded.joined_at'),
        first_bad_at: eb.ref('excluded.first_bad_at'),
        status: eb.ref('excluded.status'),
        worked: eb.ref('excluded.worked'),
        replaced: eb.ref('excluded.replaced'),
        left_at: null,
        left_reason: null,
      })),
    )
    .execute();
}

/** Present members in the order of channels. */
async function presentMembers(
  db: Db,
  id: IncidentId,
  about: { readonly after: ChannelId | null; readonly limit: number },
): Promise<readonly ChannelId[]> {
  const { after, limit } = about;
  requireFew(limit);
  const rows = await db
    .selectFrom('incident_members')
    .select('channel_id')
    .where('incident_id', '=', id)
    .where('left_at', 'is', null)
    .$if(after !== null, (some) => some.where('channel_id', '>', after ?? 'ch_'))
    .orderBy('channel_id')
    .limit(limit)
    .execute();
  return rows.map(({ channel_id }) => channel_id);
}

export async function wake(
  db: Db,
  engine: Engine,
  about: {
    readonly id: IncidentId;
    readonly now: number;
    readonly after: ChannelId | null;
    readonly limit: number;
  },
): Promise<ChannelId | null> {
  const { now, limit } = about;
  const members = await presentMembers(db, about.id, about);
  const later = await db
    .selectFrom('channel_attempts')
    .select('channel_id')
    .where('channel_id', 'in', jsonIds(engine, members))
    .where('due_at', '>', now)
    .orderBy('channel_id')
    .$if(engine.rowLocks, (query) => query.forNoKeyUpdate())
    .execute();
  const ids = later.map(({ channel_id }) => channel_id);
  await db
    .updateTable('channel_attempts')
    .set({ due_at: now })
    .where('channel_id', 'in', jsonIds(engine, ids))
    .where('due_at', '>', now)
    .execute();
  return members.length < limit ? null : (members.at(-1) ?? null);
}

export async function mute(
  db: Db,
  engine: Engine,
  about: { readonly id: IncidentId; readonly at: number; readonly limit: number },
): Promise<number> {
  const { id, at, limit } = about;
  const members = await presentMembers(db, id, { after: null, limit });
  const ids = jsonIds(engine, members);
  await db
    .updateTable('signs')
    .set({ stage: 'muted', incident_id: null })
    .where('incident_id', '=', id)
    .where('channel_id', 'in', ids)
    .execute();
  await db
    .updateTable('incident_members')
    .set({ left_at: at, left_reason: 'manual' })
    .where('incident_id', '=', id)
    .where('channel_id', 'in', ids)
    .execute();
  return members.length;
}

/** A channel that is erased stands for the others no more. */
export async function forgetSentinel(db: Db, id: ChannelId): Promise<void> {
  const its = db.selectFrom('incident_members').select('incident_id').where('channel_id', '=', id);
  await db
    .updateTable('incidents')
    .set({ sentinel_id: null })
    .where('id', 'in', its)
    .where('sentinel_id', '=', id)
    .execute();
}
