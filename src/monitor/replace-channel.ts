/** A channel that is known: what a person says of it is replaced, whom it asks stays. */
import type { Channel } from '#domain/channel.ts';
import { Problem } from '#domain/problem.ts';
import { intervalMsFor } from '#domain/interval.ts';
import type { ChannelRow, StoreChange } from '#ports/store.ts';
import type { ChannelWish, CredentialChoice, PutChannel } from './channel-wish.ts';
import type { Deps } from './deps.ts';
import { watchOf, writeWatch } from './watch-changes.ts';

/**
 * Replaces external id, labels, interval and pause within a transaction; null when no channel has this name.
 * The caller drops the channel from memory after the commit. Throws Problem `not_found`, `conflict`.
 */
export async function replaceChannel(
  tx: StoreChange,
  deps: Pick<Deps, 'clock' | 'policy' | 'ids' | 'randomness'>,
  { name, wish }: { readonly name: string; readonly wish: ChannelWish },
): Promise<PutChannel | null> {
  const row = await tx.channels.findRow(name);
  if (row === null) return null;
  await requireSameSource(tx, row, wish);
  const { externalId, labels, checkIntervalMs } = wish;
  const now = deps.clock.now();
  const intervalMs = intervalMsFor(wish, deps.policy.intervals);
  const pausedAt = pausedAtAfter(row.channel, wish, now);
  const given = { externalId, labels, checkIntervalMs, intervalMs, pausedAt };
  const channel = { ...row.channel, ...given, updatedAt: now };
  await tx.channels.replace(channel);
  const [was, is] = [watchOf(row.channel), watchOf(channel)];
  if (was !== is) await writeWatch(tx, deps, { channel, was, is, detail: null });
  return { channel, state: row.state, created: false };
}

function pausedAtAfter({ pausedAt }: Channel, { paused }: ChannelWish, now: number): number | null {
  if (paused === undefined) return pausedAt;
  return paused ? (pausedAt ?? now) : null;
}

/** Whom a channel asks, and with what, cannot change here. */
async function requireSameSource(
  tx: StoreChange,
  { channel }: ChannelRow,
  wish: ChannelWish,
): Promise<void> {
  const { name } = channel;
  if (wish.upstream !== channel.upstream) {
    throw new Problem(
      'conflict',
      `Channel ${name} is read through ${channel.upstream}, not ${wish.upstream}; ` +
        'move it, or add the other one under a name of its own.',
    );
  }
  if (wish.nodeId !== channel.nodeId) {
    throw new Problem(
      'conflict',
      `Channel ${name} watches node ${channel.nodeId}, not ${wish.nodeId}; ` +
        'move it, or add the other node under a name of its own.',
    );
  }
  if (await isItsCredential(tx, channel, wish.credential)) return;
  throw new Problem(
    'conflict',
    `Channel ${name} is there already, with another credential. To replace the secret, rotate ` +
      'its credential; to watch another number, choose another name.',
  );
}

async function isItsCredential(
  tx: StoreChange,
  { credentialId }: Channel,
  choice: CredentialChoice,
): Promise<boolean> {
  if ('ref' in choice) {
    const named = await tx.credentials.find(choice.ref);
    if (named === null) throw new Problem('not_found', `There is no credential ${choice.ref}.`);
    return named.id === credentialId;
  }
  const stored = await tx.credentials.secretOf(credentialId);
  return stored.reveal() === choice.secret.reveal();
}
