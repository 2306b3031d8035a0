/** The adopted key of a 360dialog channel is its credential's: a new one takes the old one's place. */
import type { Channel } from '#domain/channel.ts';
import type { Secret } from '#domain/secret.ts';
import type { StoreChange } from '#ports/store.ts';
import { addAdopted } from './keys.ts';
import type { Monitor } from './monitor.ts';

/**
 * Within a transaction; a channel without an adopted key gets none. Gives the hashes of all its keys, for
 * memory to drop after the commit. Throws Problem `conflict` when the new key opens another channel.
 */
export async function followKey(
  tx: StoreChange,
  monitor: Monitor,
  { channel, secret }: { readonly channel: Channel; readonly secret: Secret },
): Promise<readonly string[]> {
  const keys = await tx.apiKeys.listOf(channel.id);
  const old = keys.filter(({ origin, revokedAt }) => origin === 'adopted' && revokedAt === null);
  if (old.length === 0) return [];
  for (const key of old) await tx.apiKeys.revoke(key.id, monitor.deps.clock.now());
  await addAdopted(tx, monitor, { channel, secret });
  return tx.apiKeys.hashesOf(channel.id);
}
