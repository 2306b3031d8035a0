/** Adds a channel, or replaces what a person says of it. */
import type { Channel } from '#domain/channel.ts';
import { Problem } from '#domain/problem.ts';
import type { ChannelRow, StoreChange } from '#ports/store.ts';
import { addChannel } from './add-channel.ts';
import type { ChannelWish, CredentialChoice, PutChannel } from './channel-wish.ts';
import { requireChannelWish } from './channel-wish-check.ts';
import type { Monitor } from './monitor.ts';
import { requireName } from './name-check.ts';

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
  requireName(name);
  requireChannelWish(wish);
  const replaced = await replaceKnown(monitor, name, wish);
  if (replaced !== null) return replaced;
  return addChannel(monitor, name, wish);
}

async function replaceKnown(
  { deps: { store, clock }, latest }: Monitor,
  name: string,
  wish: ChannelWish,
): Promise<PutChannel | null> {
  const done = await store.change(async (tx) => {
    const row = await tx.channels.findRow(name);
    if (row === null) return null;
    await requireSameSource(tx, row, wish);
    const { externalId, labels, checkIntervalMs } = wish;
    const now = clock.now();
    const channel = { ...row.channel, externalId, labels, checkIntervalMs, updatedAt: now };
    await tx.channels.replace(channel);
    return { channel, state: row.state, created: false };
  });
  if (done !== null) latest.forget(done.channel.id);
  return done;
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
        'remove it, or add the other one under a name of its own.',
    );
  }
  if (wish.nodeId !== channel.nodeId) {
    throw new Problem(
      'conflict',
      `Channel ${name} watches node ${channel.nodeId}, not ${wish.nodeId}; ` +
        'add the other node under a name of its own.',
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
  if ('ref' in choice) return (await tx.credentials.find(choice.ref))?.id === credentialId;
  const stored = await tx.credentials.secretOf(credentialId);
  return stored.reveal() === choice.secret.reveal();
}
