/** Opening incidents, writing their timelines, and erasing what is old. */
import { sql } from 'kysely';
import type { IncidentId } from '#domain/id.ts';
import type { Incident, IncidentEvent } from '#domain/incidents/incident.ts';
import { requireFew } from './bulk.ts';
import type { Db, Engine } from './engine.ts';
import { rowOfEvent, rowOfIncident } from './incident-row.ts';
import { jsonIds } from './json-rows.ts';

/** The row of `settings` that counts incidents; whoever opens one has it to themselves until their change ends. */
const COUNTER = 'incident_number';

export async function openIncident(
  db: Db,
  incident: Omit<Incident, 'number'>,
): Promise<Incident | null> {
  // Written although it stays: that locks it, and finds it where it was not there yet.
  const { value } = await db
    .insertInto('settings')
    .values({ name: COUNTER, value: '0' })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ value: eb.ref('settings.value') })),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  const opened = { ...incident, number: Number(value) + 1 };
  const inserted = await db
    .insertInto('incidents')
    .values(rowOfIncident(opened))
    .onConflict((conflict) =>
      conflict.column('key').where(sql.ref('resolved_at'), 'is', null).doNothing(),
    )
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) return null;
  const count = db.updateTable('settings').set({ value: String(opened.number) });
  await count.where('name', '=', COUNTER).execute();
  return opened;
}

/** Those of an incident that is not there are left out. */
export async function addEvents(
  db: Db,
  engine: Engine,
  events: readonly IncidentEvent[],
): Promise<void> {
  requireFew(events.length);
  if (events.length === 0) return;
  const last = await lastEvents(db, engine, [...new Set(events.map((event) => event.incidentId))]);
  const rows = events.flatMap((event) => {
    const before = last.get(event.incidentId);
    if (before === undefined) return [];
    last.set(event.incidentId, before + 1);
    return rowOfEvent(event, before + 1);
  });
  if (rows.length > 0) await db.insertInto('incident_events').values(rows).execute();
}

/** The number of each incident's newest event, 0 before one. Locks them first, so that nobody else counts on. */
async function lastEvents(
  db: Db,
  engine: Engine,
  ids: readonly IncidentId[],
): Promise<Map<IncidentId, number>> {
  const found = () =>
    db.selectFrom('incidents').where('id', 'in', jsonIds(engine, ids)).orderBy('id');
  if (engine.rowLocks) await found().select('id').forNoKeyUpdate().execute();
  const rows = await found()
    .select((eb) => [
      'id',
      eb
        .selectFrom('incident_events')
        .select((events) => events.fn.max('no').as('no'))
        .whereRef('incident_events.incident_id', '=', 'incidents.id')
        .as('no'),
    ])
    .execute();
  return new Map(rows.map(({ id, no }) => [id, no ?? 0]));
}

/** Members and timelines go first, so that an incident of many numbers takes several steps. */
export async function pruneIncidents(
  db: Db,
  engine: Engine,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  requireFew(limit);
  const old = await db
    .selectFrom('incidents')
    .select('id')
    .where('resolved_at', '<', before)
    .orderBy('resolved_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  if (old.length === 0) return 0;
  const ids = jsonIds(
    engine,
    old.map(({ id }) => id),
  );
  const members = await sql`delete from incident_members where (incident_id, channel_id) in (
    select incident_id, channel_id from incident_members
    where incident_id in ${ids} limit ${limit})`.execute(db);
  const events = await sql`delete from incident_events where (incident_id, no) in (
    select incident_id, no from incident_events
    where incident_id in ${ids} limit ${limit})`.execute(db);
  const hanging = [members, events].map(({ numAffectedRows }) => Number(numAffectedRows ?? 0));
  const erased = hanging.reduce((sum, rows) => sum + rows, 0);
  if (hanging.some((rows) => rows === limit)) return erased;
  await db.deleteFrom('incidents').where('id', 'in', ids).execute();
  return erased + old.length;
}
