/**
 * The tables as Kysely sees them: exactly what `migrations/` builds. Times are ms UTC, booleans are
 * 0 or 1, `json` columns are text that only this folder reads.
 */
import type { BilledBy, UpstreamKind } from '#domain/billing.ts';
import type { FailureCode } from '#domain/failure.ts';
import type { ApiKeyId, AppId, ChannelId, CredentialId, TransitionId } from '#domain/id.ts';
import type { Capability } from '#domain/entity.ts';
import type { Status } from '#domain/status.ts';
import type { TransitionKind } from '#domain/transition.ts';
import type { Trust } from '#domain/trust.ts';
import type { UnknownReason } from '#domain/verdict.ts';
import type { Notice } from '#ports/store.ts';
import type {
  ChannelEntitiesTable,
  DeliveriesTable,
  DeliveryAttemptsTable,
  IncidentEventsTable,
  IncidentMembersTable,
  IncidentsTable,
  ReceiversTable,
  RulesTable,
  SignsTable,
  SilencesTable,
} from './schema-incidents.ts';
import type { BudgetsTable, UpstreamTalliesTable } from './schema-budgets.ts';
import type { SignalsTables } from './schema-signals.ts';

export interface Schema extends SignalsTables {
  schema_version: SchemaVersionTable;
  settings: SettingsTable;
  apps: AppsTable;
  credentials: CredentialsTable;
  channels: ChannelsTable;
  channel_labels: ChannelLabelsTable;
  channel_attempts: ChannelAttemptsTable;
  channel_states: ChannelStatesTable;
  bodies: BodiesTable;
  api_keys: ApiKeysTable;
  transitions: TransitionsTable;
  budgets: BudgetsTable;
  upstream_tallies: UpstreamTalliesTable;
  profiles: ProfilesTable;
  portfolios: PortfoliosTable;
  token_facts: TokenFactsTable;
  seen_numbers: SeenNumbersTable;
  notices: NoticesTable;
  channel_entities: ChannelEntitiesTable;
  signs: SignsTable;
  incidents: IncidentsTable;
  incident_members: IncidentMembersTable;
  incident_events: IncidentEventsTable;
  receivers: ReceiversTable;
  rules: RulesTable;
  silences: SilencesTable;
  deliveries: DeliveriesTable;
  delivery_attempts: DeliveryAttemptsTable;
}

export type TableName = keyof Schema;

/** One row: which migrations this database has, and the oldest program that can still work with it. */
interface SchemaVersionTable {
  id: 1;
  version: number;
  oldest_program: number;
}

interface SettingsTable {
  name: string;
  value: string;
}

export interface AppsTable {
  id: AppId;
  name: string;
  meta_app_id: string;
  ours: number;
  /** Sealed; null when the app has none. */
  secret: string | null;
  created_at: number;
  updated_at: number;
}

export interface CredentialsTable {
  id: CredentialId;
  name: string;
  upstream: UpstreamKind;
  app_id: AppId | null;
  billed_by: BilledBy;
  /** Sealed. */
  secret: string;
  secret_hint: string;
  created_at: number;
  rotated_at: number;
}

/** What was configured. What was learned lies in the two tables below. */
export interface ChannelsTable {
  id: ChannelId;
  name: string;
  external_id: string | null;
  upstream: UpstreamKind;
  credential_id: CredentialId;
  node_id: string | null;
  /** JSON: what is shown. `channel_labels` holds the same for filtering. */
  labels: string;
  /** Its own, and the one in force. */
  check_interval_ms: number | null;
  interval_ms: number;
  paused_at: number | null;
  created_at: number;
  updated_at: number;
  archived_at: number | null;
}

/**
 * One row a label. Name and archived are repeated here, so that a page of a filtered listing is one
 * range of one index, however large the fleet.
 */
interface ChannelLabelsTable {
  channel_id: ChannelId;
  label: string;
  value: string;
  archived: number;
  channel_name: string;
}

/** The narrow row of a channel, written at every claim and every outcome. */
export interface ChannelAttemptsTable {
  channel_id: ChannelId;
  /** The newest attempt handed out, and the newest whose outcome is written: the fence. */
  claimed: number;
  written: number;
  /** Nobody else claims before this; 0 when no lease is held. */
  lease_until: number;
  /** The group of ≤ 50 channels of one credential with which it falls due, and that group's place. */
  credential_id: CredentialId;
  group_no: number;
  slot: number;
  /** Its interval, stretched where the budget of its bucket does not suffice. */
  pace_ms: number;
  bucket: string;
  /** When the schedule reads it next; null while it is paused or archived. */
  due_at: number | null;
  good_attempt: number | null;
  good_started_at: number | null;
  good_read_at: number | null;
  served_version: string | null;
  served_trace_id: string | null;
  failure_attempt: number | null;
  failure_at: number | null;
  failures_in_a_row: number | null;
  failure_trace_id: string | null;
  /** 1 while the channel shows signs of trouble: then no read of it counts as unchanged. */
  closely: number;
}

/** The wide row of a channel, written only when something in it changed. */
export interface ChannelStatesTable {
  channel_id: ChannelId;
  /** JSON of the last good read's `HealthReport`. */
  report: string | null;
  body_hash: string | null;
  /** JSON of the `Identity` that the last good read pinned. */
  identity: string | null;
  since_messaging: number | null;
  since_calling: number | null;
  trust_state: Trust['state'];
  trust_code: FailureCode | null;
  trust_since: number | null;
  /** JSON of the last `Failure`, without its trace id, which differs from read to read. */
  failure: string | null;
  /** What history tells: the newest verdict transitions, and the finding behind the first. */
  messaging: Status;
  calling: Status | null;
  unknown_reason: UnknownReason | null;
  cause: string | null;
  /** When each capability was last known to work; null when it never was. */
  worked_messaging_at: number | null;
  worked_calling_at: number | null;
  /** Repeated from the channel, so that a page of a listing by status is one range of one index. */
  channel_name: string;
  archived: number;
}

/** Bodies of good reads, once per SHA-256. */
interface BodiesTable {
  hash: string;
  bytes: Uint8Array;
}

export interface ApiKeysTable {
  id: ApiKeyId;
  channel_id: ChannelId;
  hash: string;
  origin: 'issued' | 'adopted';
  hint: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
}

export interface TransitionsTable {
  id: TransitionId;
  channel_id: ChannelId;
  at: number;
  kind: TransitionKind;
  series: string;
  capability: Capability | null;
  subject_type: string | null;
  subject_id: string | null;
  code: string | null;
  was: string | null;
  is: string | null;
  detail: string | null;
  attempt: number;
  started_at: number | null;
  trace_id: string | null;
  version: string | null;
  body_before: string | null;
  body_after: string | null;
}

export interface ProfilesTable {
  channel_id: ChannelId;
  display_number: string | null;
  /** The digits of the display number, by which webhooks name it. */
  digits: string | null;
  verified_name: string | null;
  /** JSON of the `Profile`. */
  profile: string | null;
  /** JSON of the last `Failure`; null when the newest read was good. */
  failure: string | null;
  failures_in_a_row: number;
  read_at: number | null;
  due_at: number | null;
}

interface PortfoliosTable {
  business_id: string;
  messaging_limit: string | null;
  read_at: number;
}

export interface TokenFactsTable {
  credential_id: CredentialId;
  /** JSON of the `TokenFacts`. */
  facts: string | null;
  failure: string | null;
  read_at: number | null;
  due_at: number | null;
}

/** A number that a credential can see, watched or not. */
export interface SeenNumbersTable {
  credential_id: CredentialId;
  node_id: string;
  waba_id: string;
  business_id: string | null;
  display_number: string | null;
  verified_name: string | null;
  first_seen_at: number;
  seen_at: number;
  gone_at: number | null;
}

interface NoticesTable {
  id: string;
  noun: Notice['noun'];
  ref: string;
  at: number;
}
