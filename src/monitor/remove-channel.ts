/** Stops watching a channel: its history stays until its retention ends, or goes at once (`purge`). */
import { Problem } from '#domain/problem.ts';
import type { Channel } from '#domain/channel.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Deps } from './deps.ts';
import { leaveAll } from './incidents/leave.ts';
import { forgetCredentialWarnings } from './incidents/warn.ts';
import type { Monitor } from './monitor.ts';
import { endWatching } from './retire-channels.ts';

/**
 * Throws Problem `not_found`. Keys stop opening at once. With `purge` the credential that was made with
 * the channel (it has the channel's name) goes too, unless another channel uses it.
 */
export async function removeChannel(
  { deps, keyring, latest }: Monitor,
  ref: string,
  { purge }: { readonly purge: boolean },
): Promise<void> {
  const { id, hashes } = await deps.store.change(async (tx) => {
    const channel = await tx.channels.find(ref);
    const done = channel !== null && channel.archivedAt !== null && !purge;
    if (channel === null || done) throw new Problem('not_found', `There is no channel ${ref}.`);
    const opened = await tx.apiKeys.hashesOf(channel.id);
    if (purge) await leaveAll(tx, deps, { channelId: channel.id, reason: 'removed' });
    if (purge) await eraseChannel(tx, deps, channel);
    else await endWatching(tx, deps, { channel, is: 'removed', detail: null });
    return { id: channel.id, hashes: opened };
  });
  keyring.forget(hashes);
  latest.forget(id);
}

/** Erases a channel with all that hangs on it, and the credential that was made with it. */
export async function eraseChannel(
  tx: StoreChange,
  deps: Pick<Deps, 'ids' | 'clock' | 'randomness'>,
  channel: Channel,
): Promise<void> {
  await tx.channels.purge(channel.id);
  const credential = await tx.credentials.find(channel.credentialId);
  if (credential === null || credential.name !== channel.name) return;
  const page = { after: null, limit: 1 };
  const filter = { credentialId: credential.id };
  const alive = await tx.channels.list(page, filter);
  const archived = await tx.channels.list(page, { ...filter, archived: true });
  if (alive.items.length + archived.items.length === 0) {
    await tx.credentials.remove(credential.id);
    await forgetCredentialWarnings(tx, deps, credential.id);
  }
}
