/** A channel between its rows and its values. */
import type { Channel } from '#domain/channel.ts';
import type { ChannelState, LastFailure, Since } from '#domain/channel-state.ts';
import type { Failure } from '#domain/failure.ts';
import type { HealthReport } from '#domain/health-report.ts';
import type { Identity } from '#domain/identity.ts';
import type { Snapshot } from '#domain/snapshot.ts';
import type { Trust } from '#domain/trust.ts';
import type { NumberNames } from '#ports/profiles.ts';
import type { ChannelRow } from '#ports/store.ts';
import type { Db } from './engine.ts';
import type {
  ChannelAttemptsTable,
  ChannelsTable,
  ChannelStatesTable,
  ProfilesTable,
} from './schema.ts';

type ConfigColumns = Omit<ChannelsTable, 'id' | 'archived_at'>;
/** Of the narrow row, what an outcome decides; the rest is the schedule's. */
type NarrowColumns = Pick<
  ChannelAttemptsTable,
  | 'written'
  | 'good_attempt'
  | 'good_started_at'
  | 'good_read_at'
  | 'served_version'
  | 'served_trace_id'
  | 'failure_attempt'
  | 'failure_at'
  | 'failures_in_a_row'
  | 'failure_trace_id'
>;
type RecordedColumns = Pick<
  ChannelStatesTable,
  'messaging' | 'calling' | 'unknown_reason' | 'cause' | 'worked_messaging_at' | 'worked_calling_at'
>;
type NameColumns = Pick<ProfilesTable, 'display_number' | 'verified_name'>;
type WideColumns = Omit<
  ChannelStatesTable,
  'channel_id' | 'channel_name' | 'archived' | keyof RecordedColumns
>;

/** Channels with both their rows and their names: what `rowOf` reads. */
export function rowsOf(db: Db) {
  return db
    .selectFrom('channels')
    .innerJoin('channel_attempts', 'channel_attempts.channel_id', 'channels.id')
    .innerJoin('channel_states', 'channel_states.channel_id', 'channels.id')
    .innerJoin('profiles', 'profiles.channel_id', 'channels.id')
    .selectAll(['channels', 'channel_attempts', 'channel_states'])
    .select(['profiles.display_number', 'profiles.verified_name']);
}

export function rowOf(
  row: ChannelsTable &
    NarrowColumns &
    Pick<ChannelAttemptsTable, 'pace_ms'> &
    WideColumns &
    RecordedColumns &
    NameColumns,
): ChannelRow {
  const { messaging, calling, unknown_reason: reason } = row;
  return {
    channel: channelOf(row),
    state: stateOf(row),
    recorded: { messaging, calling, reason },
    worked: { messaging: row.worked_messaging_at, calling: row.worked_calling_at },
    paceMs: row.pace_ms,
    names: namesOf(row),
  };
}

export function namesOf(row: NameColumns): NumberNames {
  return { displayNumber: row.display_number, verifiedName: row.verified_name };
}

/** The configured part of a channel, as columns. */
export function columnsOf(channel: Channel): ConfigColumns {
  return {
    name: channel.name,
    external_id: channel.externalId,
    upstream: channel.upstream,
    credential_id: channel.credentialId,
    node_id: channel.nodeId,
    labels: JSON.stringify(channel.labels),
    check_interval_ms: channel.checkIntervalMs,
    interval_ms: channel.intervalMs,
    paused_at: channel.pausedAt,
    created_at: channel.createdAt,
    updated_at: channel.updatedAt,
  };
}

export function channelOf(row: ChannelsTable & Pick<ChannelStatesTable, 'identity'>): Channel {
  return {
    id: row.id,
    name: row.name,
    externalId: row.external_id,
    upstream: row.upstream,
    credentialId: row.credential_id,
    nodeId: row.node_id,
    labels: JSON.parse(row.labels),
    checkIntervalMs: row.check_interval_ms,
    intervalMs: row.interval_ms,
    pausedAt: row.paused_at,
    identity: identityOf(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    archivedAt: row.archived_at,
  };
}

/** What differs from read to read even where nothing happened. */
export function narrowOf({ attempt, good, lastFailure }: ChannelState): NarrowColumns {
  return {
    written: attempt,
    good_attempt: good?.attempt ?? null,
    good_started_at: good?.startedAt ?? null,
    good_read_at: good?.readAt ?? null,
    served_version: good?.served.version ?? null,
    served_trace_id: good?.served.traceId ?? null,
    failure_attempt: lastFailure?.attempt ?? null,
    failure_at: lastFailure?.at ?? null,
    failures_in_a_row: lastFailure?.inARow ?? null,
    failure_trace_id: lastFailure?.failure.traceId ?? null,
  };
}

/** The columns that `wideOf` gives. */
export const WIDE_COLUMNS = [
  'report',
  'body_hash',
  'identity',
  'since_messaging',
  'since_calling',
  'trust_state',
  'trust_code',
  'trust_since',
  'failure',
] as const satisfies readonly (keyof WideColumns)[];

/** What differs only when something happened. */
export function wideOf({ good, since, lastFailure, trust }: ChannelState): WideColumns {
  const failure = lastFailure === null ? null : { ...lastFailure.failure, traceId: null };
  return {
    report: good === null ? null : JSON.stringify(good.report),
    body_hash: good?.bodyHash ?? null,
    identity: good === null ? null : JSON.stringify(good.identity),
    since_messaging: since?.messaging ?? null,
    since_calling: since?.calling ?? null,
    trust_state: trust.state,
    trust_code: trust.state === 'trusted' ? null : trust.code,
    trust_since: trust.state === 'trusted' ? null : trust.since,
    failure: failure === null ? null : JSON.stringify(failure),
  };
}

function stateOf(row: NarrowColumns & WideColumns): ChannelState {
  return {
    attempt: row.written,
    good: goodOf(row),
    since: sinceOf(row),
    lastFailure: lastFailureOf(row),
    trust: trustOf(row),
  };
}

function goodOf(row: NarrowColumns & WideColumns): Snapshot | null {
  const { good_attempt: attempt, good_started_at: startedAt, good_read_at: readAt } = row;
  const report: HealthReport | null = row.report === null ? null : JSON.parse(row.report);
  const identity = identityOf(row);
  if (attempt === null || startedAt === null || readAt === null) return null;
  if (report === null || identity === null || row.body_hash === null) return null;
  const served = { version: row.served_version, traceId: row.served_trace_id };
  return { attempt, startedAt, readAt, bodyHash: row.body_hash, report, identity, served };
}

function sinceOf(row: WideColumns): Since | null {
  if (row.since_messaging === null) return null;
  return { messaging: row.since_messaging, calling: row.since_calling };
}

function lastFailureOf(row: NarrowColumns & WideColumns): LastFailure | null {
  const { failure_attempt: attempt, failure_at: at, failures_in_a_row: inARow } = row;
  const failure: Failure | null = row.failure === null ? null : JSON.parse(row.failure);
  if (failure === null || attempt === null || at === null || inARow === null) return null;
  return { attempt, at, failure: { ...failure, traceId: row.failure_trace_id }, inARow };
}

function trustOf(row: WideColumns): Trust {
  const { trust_state: state, trust_code: code, trust_since: since } = row;
  if (state === 'trusted' || code === null || since === null) return { state: 'trusted' };
  return { state, code, since };
}

function identityOf(row: Pick<WideColumns, 'identity'>): Identity | null {
  return row.identity === null ? null : JSON.parse(row.identity);
}
