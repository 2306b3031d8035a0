/** Retires channels: numbers that are given up. They are no longer watched, and their history stays. */
import type { Channel } from '#domain/channel.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Deps } from './deps.ts';
import type { DecidedChannel } from './many-channels.ts';
import { decideEach } from './many-channels.ts';
import type { Monitor } from './monitor.ts';
import { watchOf, writeWatch } from './watch-changes.ts';

/** Their keys open nothing from now on. Throws Problem `store_unavailable`. */
export function retireChannels(
  monitor: Monitor,
  refs: readonly string[],
  { reason }: { readonly reason: string | null },
): Promise<readonly DecidedChannel[]> {
  const about = { is: 'retired', detail: reason } as const;
  return decideEach(monitor, refs, (tx, channel) =>
    endWatching(tx, monitor.deps, { channel, ...about }),
  );
}

/**
 * Archives a channel and tells history why, within a transaction. Gives the hashes of its keys, for memory
 * to drop after the commit. Precondition: it is not archived.
 */
export async function endWatching(
  tx: StoreChange,
  deps: Pick<Deps, 'ids' | 'clock' | 'randomness'>,
  about: {
    readonly channel: Channel;
    readonly is: 'retired' | 'removed';
    readonly detail: string | null;
  },
): Promise<readonly string[]> {
  const { channel } = about;
  const hashes = await tx.apiKeys.hashesOf(channel.id);
  await tx.channels.archive(channel.id, deps.clock.now());
  await writeWatch(tx, deps, { was: watchOf(channel), ...about });
  return hashes;
}
