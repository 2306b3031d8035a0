/** Which group a channel belongs to: the newest of its credential, or the next one when that is full. */
import type { Channel } from '#domain/channel.ts';
import { GROUP_SIZE, slotOf } from '#domain/schedule.ts';
import type { Db } from './engine.ts';
import type { ChannelAttemptsTable } from './schema.ts';

type Place = Pick<ChannelAttemptsTable, 'credential_id' | 'group_no' | 'slot'>;

/** A place for one more channel of this credential. Costs one look at the newest group. */
export async function placeOf(
  db: Db,
  { credentialId }: Pick<Channel, 'credentialId'>,
): Promise<Place> {
  const newest = await db
    .selectFrom('channel_attempts')
    .select('group_no')
    .where('credential_id', '=', credentialId)
    .orderBy('group_no', 'desc')
    .limit(GROUP_SIZE)
    .execute();
  const last = newest[0]?.group_no ?? 0;
  const isFull = newest.length === GROUP_SIZE && newest.at(-1)?.group_no === last;
  const group = isFull ? last + 1 : last;
  return { credential_id: credentialId, group_no: group, slot: slotOf(credentialId, group) };
}
