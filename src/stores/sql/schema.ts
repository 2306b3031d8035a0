/**
 * The tables as Kysely sees them: exactly what `migrations/` builds. Times are ms UTC, booleans are
 * 0 or 1, `json` columns are text that only this folder reads.
 */
import type { BilledBy, UpstreamKind } from '#domain/billing.ts';
import type { FailureCode } from '#domain/failure.ts';
import type { ApiKeyId, AppId, ChannelId, CredentialId } from '#domain/id.ts';
import type { Trust } from '#domain/trust.ts';

export interface Schema {
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
  check_interval_ms: number | null;
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
  good_attempt: number | null;
  good_started_at: number | null;
  good_read_at: number | null;
  served_version: string | null;
  served_trace_id: string | null;
  failure_attempt: number | null;
  failure_at: number | null;
  failures_in_a_row: number | null;
  failure_trace_id: string | null;
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
