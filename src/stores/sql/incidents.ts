/** The noun `incidents`: what channels show, what was opened for it, and what became of that. */
import { sql } from 'kysely';
import type { Capability } from '#domain/entity.ts';
import { type ChannelId, isId } from '#domain/id.ts';
import { type Cause, causeKey } from '#domain/incidents/cause.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { IncidentsChange, IncidentsView } from '#ports/incidents.ts';
import { requireFew } from './bulk.ts';
import type { Db, Engine } from './engine.ts';
import { addEvents, openIncident, pruneIncidents } from './incident-changes.ts';
import { earlierOf, newCausesOf, openCounts, opensOf } from './incident-counts.ts';
import { eventsOf, inhibitedBy, listIncidents, membersOf, walkOpen } from './incident-list.ts';
import {
  countsOf,
  enlist,
  join,
  lastRecoveryOf,
  leave,
  mute,
  newestReadOf,
  wake,
} from './incident-members.ts';
import { changingColumns, incidentOf } from './incident-row.ts';
import { jsonIds } from './json-rows.ts';
import { dropSign, putSign, signsIn, signsOf, suspicionOf } from './signs.ts';

export function incidentsView(db: Db, engine: Engine): IncidentsView {
  return {
    find: (ref) => findIncident(db, ref, { isLocking: false }),
    async findAll(ids) {
      requireFew(ids.length);
      const query = db.selectFrom('incidents').selectAll().where('id', 'in', jsonIds(engine, ids));
      return (await query.orderBy('id').execute()).map(incidentOf);
    },
    openOf: (cause, capability) => openOf(db, causeKey(cause, capability), { isLocking: false }),
    list: (page, filter) => listIncidents(db, page, filter),
    walkOpen: (page, filter) => walkOpen(db, page, filter),
    inhibitedBy: (id, page) => inhibitedBy(db, id, page),
    signsOf: (channelId) => signsOf(db, channelId, { isLocking: false }),
    suspicionOf: (cause, capability, status) => suspicionOf(db, { cause, capability, status }),
    signsIn: (id, page) => signsIn(db, id, page),
    membersOf: (id, page) => membersOf(db, id, page),
    countsOf: (id) => countsOf(db, id),
    eventsOf: (id, page) => eventsOf(db, id, page),
    earlierOf: (code) => earlierOf(db, code),
    opensOf: (cause, capability, since) => opensOf(db, { cause, capability, since }),
    newCausesOf: (upstream, since) => newCausesOf(db, upstream, since),
    lastRecoveryOf: (id) => lastRecoveryOf(db, id),
    newestReadOf: (id) => newestReadOf(db, id),
    openCounts: () => openCounts(db),
  };
}

export function incidentsChange(db: Db, engine: Engine): IncidentsChange {
  const isLocking = engine.rowLocks;
  return {
    ...incidentsView(db, engine),
    find: (ref) => findIncident(db, ref, { isLocking }),
    openOf: (cause: Cause, capability: Capability | null) =>
      openOf(db, causeKey(cause, capability), { isLocking }),
    signsOf: (channelId) => signsOf(db, channelId, { isLocking }),
    putSign: (sign) => putSign(db, sign),
    setClosely: (channelId, isClosely) => setClosely(db, channelId, isClosely),
    dropSign: (channelId, about) => dropSign(db, channelId, about),
    open: (incident) => openIncident(db, incident),
    async replace(incident) {
      const set = db.updateTable('incidents').set(changingColumns(incident));
      await set.where('id', '=', incident.id).execute();
    },
    enlist: (incident, at, limit) => enlist(db, engine, { incident, at, limit }),
    join: (member) => join(db, member),
    leave: (id, channelId, about) => leave(db, id, { channelId, ...about }),
    addEvents: (events) => addEvents(db, engine, events),
    wake: (id, about) => wake(db, engine, { id, ...about }),
    mute: (id, at, limit) => mute(db, engine, { id, at, limit }),
    prune: (about) => pruneIncidents(db, engine, about),
  };
}

async function findIncident(
  db: Db,
  ref: string,
  { isLocking }: { readonly isLocking: boolean },
): Promise<Incident | null> {
  const isNumber = /^[0-9]{1,15}$/.test(ref);
  if (!isNumber && !isId('inc', ref)) return null;
  const row = await db
    .selectFrom('incidents')
    .selectAll()
    .where(sql.ref(isNumber ? 'number' : 'id'), '=', isNumber ? Number(ref) : ref)
    .$if(isLocking, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row === undefined ? null : incidentOf(row);
}

async function openOf(
  db: Db,
  key: string,
  { isLocking }: { readonly isLocking: boolean },
): Promise<Incident | null> {
  const row = await db
    .selectFrom('incidents')
    .selectAll()
    .where('key', '=', key)
    .where('resolved_at', 'is', null)
    .$if(isLocking, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row === undefined ? null : incidentOf(row);
}

async function setClosely(db: Db, channelId: ChannelId, isClosely: boolean): Promise<void> {
  const closely = isClosely ? 1 : 0;
  await db
    .updateTable('channel_attempts')
    .set({ closely })
    .where('channel_id', '=', channelId)
    .where('closely', '<>', closely)
    .execute();
}
