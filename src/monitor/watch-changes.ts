/** What persons decide about channels, as history tells it. */
import type { Channel } from '#domain/channel.ts';
import type { Watch } from '#domain/transition.ts';
import { watchChange } from '#domain/transition.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Deps } from './deps.ts';
import { leaveAll } from './incidents/leave.ts';
import { transitionsOf } from './write-history.ts';

/** What holds of a channel that is there. */
export function watchOf({ pausedAt }: Pick<Channel, 'pausedAt'>): 'watched' | 'paused' {
  return pausedAt === null ? 'watched' : 'paused';
}

/**
 * Writes one decision; `detail` is what the person said about it. A channel that is watched no more leaves
 * its incidents with that reason.
 */
export async function writeWatch(
  tx: StoreChange,
  deps: Pick<Deps, 'ids' | 'clock' | 'randomness'>,
  about: {
    readonly channel: Pick<Channel, 'id'>;
    readonly was: Watch | null;
    readonly is: Watch;
    readonly detail: string | null;
  },
): Promise<void> {
  const { channel, ...said } = about;
  const changes = [watchChange({ at: deps.clock.now(), ...said })];
  await tx.history.add(transitionsOf(deps.ids, channel.id, { changes }));
  // It left its incidents when it was paused: what is as bad as before has to be seen anew.
  if (said.was === 'paused' && said.is === 'watched') {
    await tx.incidents.setClosely(channel.id, true);
  }
  if (said.is === 'watched') return;
  await leaveAll(tx, deps, { channelId: channel.id, reason: said.is });
}
