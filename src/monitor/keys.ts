/**
 * API keys: `wh_` and 32 random bytes in base62. Only the SHA-256 is stored, so the text is shown once.
 * A 360dialog key can be adopted as its channel's API key, so that existing clients keep theirs.
 */
import type { ApiKey } from '#domain/api-key.ts';
import type { Channel } from '#domain/channel.ts';
import type { ApiKeyId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import { hintOf, Secret } from '#domain/secret.ts';
import type { StoreChange, StoreView } from '#ports/store.ts';
import type { Monitor } from './monitor.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY_BYTES = 32;
/** 62^43 > 2^256: 43 digits hold 32 bytes. */
const KEY_DIGITS = 43;
const HINT_LENGTH = 7;

/** Throws Problem `not_found`, and `invalid_request` for an end that is past. */
export async function issueKey(
  monitor: Monitor,
  channelRef: string,
  { expiresAt }: { readonly expiresAt: number | null },
): Promise<{ readonly key: ApiKey; readonly text: Secret }> {
  const { store, ids, clock, digest, randomness } = monitor.deps;
  const now = clock.now();
  if (expiresAt !== null && expiresAt <= now) {
    const message = 'must be in the future';
    throw new Problem('invalid_request', `expires_at ${message}.`, {
      items: [{ at: 'expires_at', message }],
    });
  }
  const text = new Secret(`wh_${base62(randomness.bytes(KEY_BYTES))}`);
  const hash = digest.sha256Hex(text.reveal());
  const hint = text.reveal().slice(0, HINT_LENGTH);
  const key = await store.change(async (tx) => {
    const { id: channelId } = await channelOf(tx, channelRef);
    const made = {
      id: ids.next('key'),
      channelId,
      origin: 'issued',
      hint,
      createdAt: now,
    } as const;
    await tx.apiKeys.add({ ...made, expiresAt, revokedAt: null }, hash);
    return { ...made, expiresAt, revokedAt: null };
  });
  monitor.keyring.forget([hash]);
  return { key, text };
}

/** Throws Problem `not_found`, `conflict` (adopted already), `invalid_request` (not on 360dialog). */
export async function adoptKey(monitor: Monitor, channelRef: string): Promise<ApiKey> {
  const { key, hash } = await monitor.deps.store.change(async (tx) => {
    const channel = await channelOf(tx, channelRef);
    const secret = await tx.credentials.secretOf(channel.credentialId);
    return addAdopted(tx, monitor, { channel, secret });
  });
  monitor.keyring.forget([hash]);
  return key;
}

/** Adopts within a transaction; the caller drops the hash from memory after the commit. */
export async function addAdopted(
  tx: StoreChange,
  { deps: { ids, clock, digest } }: Monitor,
  { channel, secret }: { readonly channel: Channel; readonly secret: Secret },
): Promise<{ readonly key: ApiKey; readonly hash: string }> {
  if (channel.upstream !== 'dialog360') {
    throw new Problem(
      'invalid_request',
      'Only a 360dialog key can be adopted; for a channel on graph, issue a key.',
    );
  }
  const hash = digest.sha256Hex(secret.reveal());
  const key = {
    id: ids.next('key'),
    channelId: channel.id,
    origin: 'adopted',
    hint: hintOf(secret),
    createdAt: clock.now(),
    expiresAt: null,
    revokedAt: null,
  } as const;
  await tx.apiKeys.add(key, hash);
  return { key, hash };
}

/** Holds at once in this process. Throws Problem `not_found`. Revoking twice changes nothing. */
export async function revokeKey(monitor: Monitor, id: ApiKeyId): Promise<void> {
  const { store, clock } = monitor.deps;
  const hashes = await store.change(async (tx) => {
    const key = await tx.apiKeys.find(id);
    if (key === null) throw new Problem('not_found', `There is no API key ${id}.`);
    if (key.revokedAt === null) await tx.apiKeys.revoke(id, clock.now());
    return tx.apiKeys.hashesOf(key.channelId);
  });
  monitor.keyring.forget(hashes);
}

/** A channel that is watched. Throws Problem `not_found`. */
async function channelOf(view: StoreView, ref: string): Promise<Channel> {
  const channel = await view.channels.find(ref);
  if (channel === null) throw new Problem('not_found', `There is no channel ${ref}.`);
  if (channel.archivedAt !== null) {
    throw new Problem('not_found', `Channel ${channel.name} was removed.`);
  }
  return channel;
}

function base62(bytes: Uint8Array): string {
  let rest = bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
  let text = '';
  for (let digit = 0; digit < KEY_DIGITS; digit += 1) {
    text = `${BASE62[Number(rest % 62n)]}${text}`;
    rest /= 62n;
  }
  return text;
}
