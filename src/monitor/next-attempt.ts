/** The right to write what a read outside the claim has shown. */
import type { ChannelId } from '#domain/id.ts';
import { claimChannel } from './claim-channel.ts';
import type { Deps } from './deps.ts';

/**
 * Claimed only after that read, so that a refusal holds up nobody. It waits for a read that is under way
 * with the old access: what that one says must not come after what the new one has shown. Throws as
 * `claimChannel`.
 */
export async function nextAttempt(deps: Deps, id: ChannelId): Promise<number> {
  const deadline = deps.clock.now() + deps.policy.readTimeoutMs;
  for (;;) {
    const claimed = await claimChannel(deps, id, { deadline, seen: null });
    if (claimed.kind === 'ours') return claimed.attempt;
  }
}
