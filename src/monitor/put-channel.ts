/** Adds a channel, or replaces what a person says of it. */
import { addChannel } from './add-channel.ts';
import type { ChannelWish, PutChannel } from './channel-wish.ts';
import { requireChannelWish } from './channel-wish-check.ts';
import type { Monitor } from './monitor.ts';
import { requireName } from './name-check.ts';
import { replaceChannel } from './replace-channel.ts';

/**
 * The name is the identity: a known one is replaced, without asking the upstream.
 *
 * A new channel is read once, and that first snapshot is stored with credential, channel and adopted
 * key in one transaction: there is never half a channel. A rejected credential and an unknown node
 * refuse it; other failures are stored as its last failure.
 *
 * Throws Problem `invalid_request`, `sandbox_key`, `not_found` (credential, app), `conflict`,
 * `credential_rejected`, `check_failed`.
 */
export async function putChannel(
  monitor: Monitor,
  name: string,
  wish: ChannelWish,
): Promise<PutChannel> {
  const { store } = monitor.deps;
  requireName(name);
  requireChannelWish(wish);
  const replaced = await store.change((tx) => replaceChannel(tx, monitor.deps, { name, wish }));
  if (replaced === null) return addChannel(monitor, name, wish);
  monitor.latest.forget(replaced.channel.id);
  return replaced;
}
