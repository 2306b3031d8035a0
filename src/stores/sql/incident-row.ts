/** Incidents, their members and their timelines between rows and values. */
import type { Capability } from '#domain/entity.ts';
import { type Cause, causeKey } from '#domain/incidents/cause.ts';
import type {
  Acknowledgement,
  Incident,
  IncidentEvent,
  Member,
} from '#domain/incidents/incident.ts';
import type {
  IncidentEventsTable,
  IncidentMembersTable,
  IncidentsTable,
} from './schema-incidents.ts';
import { storable } from './transition-row.ts';

/** What never changes of an incident. */
type FixedColumn = 'id' | 'number' | 'opened_at' | keyof CauseColumns;
export interface CauseColumns {
  readonly key: string;
  readonly cause_kind: Cause['kind'];
  readonly cause_type: string | null;
  readonly cause_ref: string | null;
  readonly capability: Capability | null;
}

/** The key is what they are found by; the other columns repeat it for looking up. */
export function causeColumns(cause: Cause, capability: Capability | null): CauseColumns {
  return {
    key: causeKey(cause, capability),
    cause_kind: cause.kind,
    cause_type: storable(cause.type),
    cause_ref: storable(cause.ref),
    capability,
  };
}

/** Read from the key, which has foreign text as it was received. */
export function causeOf({
  key,
  cause_kind: kind,
}: Pick<CauseColumns, 'key' | 'cause_kind'>): Cause {
  const [, type, ref]: readonly (string | null)[] = JSON.parse(key);
  return { kind, type: type ?? null, ref: ref ?? null };
}

export function rowOfIncident(incident: Incident): IncidentsTable {
  const { id, number, cause, capability, openedAt } = incident;
  const fixed = { id, number, opened_at: openedAt, ...causeColumns(cause, capability) };
  return { ...fixed, ...changingColumns(incident) };
}

/** The columns that may be written again. */
export function changingColumns(incident: Incident): Omit<IncidentsTable, FixedColumn> {
  const { codes, acknowledgement } = incident;
  return {
    upstream: incident.upstream,
    status: incident.status,
    severity: incident.severity,
    codes: JSON.stringify(codes),
    code: storable(codes[0] ?? null),
    actor: incident.actor,
    detail: storable(incident.detail),
    began_at: incident.beganAt,
    last_good_at: incident.lastGoodAt,
    confirmation: JSON.stringify(incident.confirmation),
    is_baseline: incident.isBaseline ? 1 : 0,
    is_flapping: incident.isFlapping ? 1 : 0,
    inhibited_by: incident.inhibitedBy,
    gather_until: incident.gatherUntil,
    sentinel_id: incident.sentinelId,
    acknowledged_at: acknowledgement?.at ?? null,
    acknowledged_by: storable(acknowledgement?.by ?? null),
    acknowledged_note: storable(acknowledgement?.note ?? null),
    watch_until: incident.watchUntil,
    unseen_since: incident.unseenSince,
    ended_at: incident.endedAt,
    resolved_at: incident.resolvedAt,
    resolution: incident.resolution,
  };
}

export function incidentOf(row: IncidentsTable): Incident {
  return {
    id: row.id,
    number: row.number,
    cause: causeOf(row),
    capability: row.capability,
    upstream: row.upstream,
    status: row.status,
    severity: row.severity,
    codes: JSON.parse(row.codes),
    actor: row.actor,
    detail: row.detail,
    beganAt: row.began_at,
    openedAt: row.opened_at,
    lastGoodAt: row.last_good_at,
    confirmation: JSON.parse(row.confirmation),
    isBaseline: row.is_baseline === 1,
    isFlapping: row.is_flapping === 1,
    inhibitedBy: row.inhibited_by,
    gatherUntil: row.gather_until,
    sentinelId: row.sentinel_id,
    acknowledgement: acknowledgementOf(row),
    watchUntil: row.watch_until,
    unseenSince: row.unseen_since,
    endedAt: row.ended_at,
    resolvedAt: row.resolved_at,
    resolution: row.resolution,
  };
}

function acknowledgementOf(row: IncidentsTable): Acknowledgement | null {
  const { acknowledged_at: at, acknowledged_by: by, acknowledged_note: note } = row;
  return at === null || by === null ? null : { at, by, note };
}

export function rowOfMember(member: Member): IncidentMembersTable {
  return {
    incident_id: member.incidentId,
    channel_id: member.channelId,
    joined_at: member.joinedAt,
    first_bad_at: member.firstBadAt,
    status: member.status,
    worked: member.worked ? 1 : 0,
    replaced: member.replaced,
    left_at: member.leftAt,
    left_reason: member.leftReason,
  };
}

export function memberOf(row: IncidentMembersTable): Member {
  return {
    incidentId: row.incident_id,
    channelId: row.channel_id,
    joinedAt: row.joined_at,
    firstBadAt: row.first_bad_at,
    status: row.status,
    worked: row.worked === 1,
    replaced: row.replaced,
    leftAt: row.left_at,
    leftReason: row.left_reason,
  };
}

export function rowOfEvent(event: IncidentEvent, no: number): IncidentEventsTable {
  const { incidentId, at, kind, channelId, by, detail } = event;
  const texts = { by: storable(by), detail: storable(detail) };
  return { incident_id: incidentId, no, at, kind, channel_id: channelId, ...texts };
}

export function eventOf(row: IncidentEventsTable): IncidentEvent {
  const { incident_id: incidentId, at, kind, channel_id: channelId, by, detail } = row;
  return { incidentId, at, kind, channelId, by, detail };
}
