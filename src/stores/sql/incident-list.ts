/**
 * Pages of incidents, of their members and of their timelines: each is one range of one index. Ids sort by
 * when they were made, so the id of the last incident is the cursor.
 */
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import type { ChannelId, IncidentId } from '#domain/id.ts';
import { isId } from '#domain/id.ts';
import type { Incident, IncidentEvent, Member } from '#domain/incidents/incident.ts';
import { Problem } from '#domain/problem.ts';
import type { IncidentFilter, OpenFilter } from '#ports/incidents.ts';
import type { Page, PageRequest } from '#ports/page.ts';
import type { Db } from './engine.ts';
import { eventOf, incidentOf, memberOf } from './incident-row.ts';
import { pageOf, rowsToAsk } from './paging.ts';

/** Newest first. */
export async function listIncidents(
  db: Db,
  page: PageRequest,
  filter: IncidentFilter,
): Promise<Page<Incident>> {
  const after = placeOf(page.after);
  const rows =
    filter.channelId === undefined
      ? await db
          .selectFrom('incidents')
          .selectAll()
          .where(isAskedFor(filter))
          .$if(after !== null, (some) => some.where('id', '<', after ?? 'inc_'))
          .orderBy('id', 'desc')
          .limit(rowsToAsk(page))
          .execute()
      : await db
          .selectFrom('incident_members')
          // Unlike an inner join it has SQLite begin with the channel's memberships, which are few.
          .crossJoin('incidents')
          .selectAll('incidents')
          .whereRef('incidents.id', '=', 'incident_members.incident_id')
          .where('incident_members.channel_id', '=', filter.channelId)
          .where(isAskedFor(filter))
          .$if(after !== null, (some) => some.where('incident_id', '<', after ?? 'inc_'))
          .orderBy('incident_id', 'desc')
          .limit(rowsToAsk(page))
          .execute();
  return pageOf(rows.map(incidentOf), page, ({ id }) => id);
}

function isAskedFor({ state, causeKind }: IncidentFilter): RawBuilder<SqlBool> {
  const resolvedAt = sql.ref('resolved_at');
  const conditions: RawBuilder<unknown>[] = [sql`${sql.lit(1)} = 1`];
  if (state === 'open') conditions.push(sql`${resolvedAt} is null`);
  if (state === 'resolved') conditions.push(sql`${resolvedAt} is not null`);
  if (causeKind !== undefined) conditions.push(sql`${sql.ref('cause_kind')} = ${causeKind}`);
  return sql`${sql.join(conditions, sql` and `)}`;
}

export function walkOpen(db: Db, page: PageRequest, filter: OpenFilter): Promise<Page<Incident>> {
  const gathering = sql<boolean>`${sql.ref('gather_until')} is not null`;
  const only = filter.isGathering === true ? [gathering] : [];
  return walkWhere(db, page, [sql<boolean>`${sql.ref('resolved_at')} is null`, ...only]);
}

export function inhibitedBy(db: Db, id: IncidentId, page: PageRequest): Promise<Page<Incident>> {
  return walkWhere(db, page, [sql<boolean>`${sql.ref('inhibited_by')} = ${id}`]);
}

/** Oldest first. */
async function walkWhere(
  db: Db,
  page: PageRequest,
  conditions: readonly RawBuilder<SqlBool>[],
): Promise<Page<Incident>> {
  const after = placeOf(page.after);
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where((eb) => eb.and([...conditions]))
    .$if(after !== null, (some) => some.where('id', '>', after ?? 'inc_'))
    .orderBy('id')
    .limit(rowsToAsk(page))
    .execute();
  return pageOf(rows.map(incidentOf), page, ({ id }) => id);
}

export async function membersOf(db: Db, id: IncidentId, page: PageRequest): Promise<Page<Member>> {
  const after = memberPlaceOf(page.after);
  const here = sql`(${sql.ref('joined_at')}, ${sql.ref('channel_id')})`;
  const rows = await db
    .selectFrom('incident_members')
    .selectAll()
    .where('incident_id', '=', id)
    .$if(after !== null, (some) =>
      some.where(sql<boolean>`${here} > (${after?.at ?? 0}, ${after?.channelId ?? ''})`),
    )
    .orderBy('joined_at')
    .orderBy('channel_id')
    .limit(rowsToAsk(page))
    .execute();
  return pageOf(rows.map(memberOf), page, ({ joinedAt, channelId }) => `${joinedAt} ${channelId}`);
}

export async function eventsOf(
  db: Db,
  id: IncidentId,
  page: PageRequest,
): Promise<Page<IncidentEvent>> {
  const { after } = page;
  if (after !== null && !/^\d{1,15}$/.test(after)) throw strangeCursor('events');
  const rows = await db
    .selectFrom('incident_events')
    .selectAll()
    .where('incident_id', '=', id)
    .where('no', '>', Number(after ?? 0))
    .orderBy('no')
    .limit(rowsToAsk(page))
    .execute();
  const { items, next } = pageOf(rows, page, ({ no }) => String(no));
  return { items: items.map(eventOf), next };
}

/** Cursors come from outside, through clients that may have made them up. */
function placeOf(cursor: string | null): IncidentId | null {
  if (cursor === null || isId('inc', cursor)) return cursor;
  throw strangeCursor('incidents');
}

function memberPlaceOf(
  cursor: string | null,
): { readonly at: number; readonly channelId: ChannelId } | null {
  if (cursor === null) return null;
  const [, at = '', channelId = ''] = /^(\d{1,15}) (\w+)$/.exec(cursor) ?? [];
  if (isId('ch', channelId)) return { at: Number(at), channelId };
  throw strangeCursor('members');
}

function strangeCursor(what: string): Problem {
  return new Problem('invalid_request', `The cursor is not one that a page of ${what} gave.`);
}
