/** Pauses channels, so that no check is scheduled for them, and resumes them. */
import type { Channel } from '#domain/channel.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Deps } from './deps.ts';
import type { DecidedChannel } from './many-channels.ts';
import { decideEach } from './many-channels.ts';
import type { Monitor } from './monitor.ts';
import { watchOf, writeWatch } from './watch-changes.ts';

interface Said {
  /** Why, in the words of whoever decided it. */
  readonly reason: string | null;
}

/** A paused channel is read only when somebody asks. Throws Problem `store_unavailable`. */
export function pauseChannels(
  monitor: Monitor,
  refs: readonly string[],
  said: Said,
): Promise<readonly DecidedChannel[]> {
  return decideEach(monitor, refs, (tx, channel) =>
    setPaused(tx, monitor.deps, { channel, paused: true, ...said }),
  );
}

/** A resumed channel is due at once. Throws Problem `store_unavailable`. */
export function resumeChannels(
  monitor: Monitor,
  refs: readonly string[],
  said: Said,
): Promise<readonly DecidedChannel[]> {
  return decideEach(monitor, refs, (tx, channel) =>
    setPaused(tx, monitor.deps, { channel, paused: false, ...said }),
  );
}

async function setPaused(
  tx: StoreChange,
  deps: Deps,
  { channel, paused, reason }: Said & { readonly channel: Channel; readonly paused: boolean },
): Promise<readonly string[] | null> {
  if ((channel.pausedAt !== null) === paused) return null;
  const now = deps.clock.now();
  const changed = { ...channel, pausedAt: paused ? now : null, updatedAt: now };
  await tx.channels.replace(changed);
  const was = watchOf(channel);
  await writeWatch(tx, deps, { channel, was, is: watchOf(changed), detail: reason });
  return [];
}
