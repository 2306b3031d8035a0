/** What the schedule needs to know of channels that it has just claimed, without their reports and bodies. */
import type { ChannelId } from '#domain/id.ts';
import type { DueChannel, Settled } from '#ports/schedule.ts';
import { channelOf } from './channel-row.ts';
import type { Db, Engine } from './engine.ts';
import { jsonIds } from './json-rows.ts';
import type { ChannelAttemptsTable, ChannelStatesTable } from './schema.ts';

export interface ClaimedRows {
  readonly due: readonly { readonly channel_id: ChannelId; readonly due_at: number | null }[];
  readonly attempts: ReadonlyMap<ChannelId, number>;
}

/** In the order in which they fell due. */
export async function dueChannels(
  db: Db,
  engine: Engine,
  { due, attempts }: ClaimedRows,
): Promise<readonly DueChannel[]> {
  const ids = jsonIds(engine, [...attempts.keys()]);
  const rows = await db
    .selectFrom('channels')
    .innerJoin('channel_attempts', 'channel_attempts.channel_id', 'channels.id')
    .innerJoin('channel_states', 'channel_states.channel_id', 'channels.id')
    .selectAll('channels')
    .select([
      'channel_attempts.bucket',
      'channel_attempts.good_attempt',
      'channel_attempts.good_read_at',
      'channel_attempts.failures_in_a_row',
      'channel_attempts.closely',
      'channel_states.identity',
      'channel_states.body_hash',
      'channel_states.trust_state',
      'channel_states.trust_code',
      'channel_states.since_messaging',
      'channel_states.messaging',
      'channel_states.calling',
      'channel_states.unknown_reason',
    ])
    .where('channels.id', 'in', ids)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return due.flatMap(({ channel_id, due_at }) => {
    const row = byId.get(channel_id);
    const attempt = attempts.get(channel_id);
    if (row === undefined || attempt === undefined || due_at === null) return [];
    return {
      channel: channelOf(row),
      attempt,
      dueAt: due_at,
      bucket: row.bucket,
      settled: settledOf(row),
      failuresInARow: row.failures_in_a_row ?? 0,
      isRejected: row.trust_state === 'ended' && row.trust_code === 'credential_rejected',
    };
  });
}

type SettledColumns = Pick<
  ChannelAttemptsTable,
  'good_attempt' | 'good_read_at' | 'failures_in_a_row' | 'closely'
> &
  Pick<
    ChannelStatesTable,
    'body_hash' | 'trust_state' | 'since_messaging' | 'messaging' | 'calling' | 'unknown_reason'
  >;

/**
 * Null unless the next equal answer changes nothing but times: no failure, no doubt, nothing untold, and
 * nothing that waits to be confirmed.
 */
function settledOf(row: SettledColumns): Settled | null {
  const { good_attempt: attempt, good_read_at: readAt } = row;
  const { body_hash: bodyHash, since_messaging: since } = row;
  if (attempt === null || bodyHash === null || readAt === null || since === null) return null;
  if (row.closely !== 0) return null;
  if (row.failures_in_a_row !== null || row.trust_state !== 'trusted') return null;
  if (row.unknown_reason !== null && row.unknown_reason !== 'unrecognised_word') return null;
  const { messaging, calling, unknown_reason: reason } = row;
  return { attempt, bodyHash, readAt, since, recorded: { messaging, calling, reason } };
}
