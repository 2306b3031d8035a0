/** The tables of incidents and of telling, as Kysely sees them: what `migrations/0003-*.ts` build. */
import type { Actor } from '#domain/actor.ts';
import type { UpstreamKind } from '#domain/billing.ts';
import type { Capability } from '#domain/entity.ts';
import type {
  ChannelId,
  DeliveryId,
  IncidentId,
  ReceiverId,
  RuleId,
  SilenceId,
} from '#domain/id.ts';
import type { CauseKind } from '#domain/incidents/cause.ts';
import type {
  IncidentEventKind,
  LeftReason,
  Resolution,
  Severity,
} from '#domain/incidents/incident.ts';
import type { SignStage } from '#domain/incidents/sign.ts';
import type { Status } from '#domain/status.ts';
import type { DeliveryAttempt, DeliveryKind, DeliveryState } from '#domain/telling/delivery.ts';
import type { ReceiverKind, Urgency } from '#domain/telling/receiver.ts';

/** The entities that a channel's last good read named. */
export interface ChannelEntitiesTable {
  channel_id: ChannelId;
  type: string;
  entity_id: string;
}

/** One row for what one channel shows of one cause; `key` is the cause with its capability. */
export interface SignsTable {
  channel_id: ChannelId;
  key: string;
  cause_kind: CauseKind;
  cause_type: string | null;
  cause_ref: string | null;
  capability: Capability | null;
  stage: SignStage;
  incident_id: IncidentId | null;
  /** Repeated from the channel, for counting new causes. */
  upstream: UpstreamKind;
  status: Status;
  /** JSON: the codes, the weightiest first. */
  codes: string;
  first_started_at: number;
  first_bad_at: number;
  last_bad_at: number;
  bad_reads: number;
  worked: number;
  replaced: Status | null;
  good_since: number | null;
  good_at: number | null;
}

export interface IncidentsTable {
  id: IncidentId;
  number: number;
  key: string;
  cause_kind: CauseKind;
  cause_type: string | null;
  cause_ref: string | null;
  capability: Capability | null;
  upstream: UpstreamKind | null;
  status: Status;
  severity: Severity;
  /** JSON: the codes, the weightiest first. The first is repeated for looking up. */
  codes: string;
  code: string | null;
  actor: Actor;
  detail: string | null;
  began_at: number;
  opened_at: number;
  last_good_at: number | null;
  /** JSON of the `Confirmation`. */
  confirmation: string;
  is_baseline: number;
  is_flapping: number;
  inhibited_by: IncidentId | null;
  gather_until: number | null;
  sentinel_id: ChannelId | null;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
  acknowledged_note: string | null;
  watch_until: number | null;
  unseen_since: number | null;
  ended_at: number | null;
  resolved_at: number | null;
  resolution: Resolution | null;
}

export interface IncidentMembersTable {
  incident_id: IncidentId;
  channel_id: ChannelId;
  joined_at: number;
  first_bad_at: number;
  status: Status;
  worked: number;
  replaced: Status | null;
  left_at: number | null;
  left_reason: LeftReason | null;
}

export interface IncidentEventsTable {
  incident_id: IncidentId;
  /** Counts up within the incident. */
  no: number;
  at: number;
  kind: IncidentEventKind;
  channel_id: ChannelId | null;
  by: string | null;
  detail: string | null;
}

export interface ReceiversTable {
  id: ReceiverId;
  name: string;
  kind: ReceiverKind;
  urgency: Urgency;
  /** JSON. */
  settings: string;
  /** Sealed: JSON. */
  secrets: string;
  hint: string;
  zone: string | null;
  created_at: number;
  updated_at: number;
  broken_at: number | null;
  failures_in_a_row: number;
  held_until: number;
}

export interface RulesTable {
  id: RuleId;
  name: string;
  /** JSON of the `Matchers`, and of the receivers' ids. */
  match: string;
  receivers: string;
  group_ms: number;
  remind_after_ms: number | null;
  remind_every_ms: number | null;
  is_enabled: number;
  created_at: number;
  updated_at: number;
}

export interface SilencesTable {
  id: SilenceId;
  /** JSON of the `Matchers`. */
  match: string;
  author: string;
  reason: string;
  starts_at: number;
  ends_at: number;
  is_excluded: number;
  created_at: number;
  ended_at: number | null;
}

export interface DeliveriesTable {
  id: DeliveryId;
  incident_id: IncidentId | null;
  receiver_id: ReceiverId;
  kind: DeliveryKind;
  seq: number;
  urgency: Urgency;
  severity: Severity;
  state: DeliveryState;
  reason: string;
  rule: string | null;
  /** JSON. */
  labels: string | null;
  group_key: string | null;
  about: string | null;
  created_at: number;
  next_at: number;
  attempts: number;
  lease_until: number;
  claim: number;
  delivered_at: number | null;
  merged_into: DeliveryId | null;
  is_plain: number;
}

export interface DeliveryAttemptsTable {
  delivery_id: DeliveryId;
  /** Counts up within the delivery. */
  no: number;
  at: number;
  took_ms: number;
  outcome: DeliveryAttempt['outcome'];
  status: number | null;
  detail: string | null;
}
