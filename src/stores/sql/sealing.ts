/**
 * Sealing: secrets at rest, as `v1.<key id>.<nonce>.<ciphertext>.<tag>` (AES-256-GCM, base64url).
 *
 * The place of a value (table, row, column) is authenticated with it: a sealed value that was copied
 * to another row does not open there.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { Problem } from '#domain/problem.ts';
import { Secret } from '#domain/secret.ts';
import type { Randomness } from '#ports/ids.ts';
import type { TableName } from './schema.ts';

export const SEAL_KEY_BYTES = 32;

/** Where a sealed value lies. */
export interface SealedPlace {
  readonly table: TableName;
  readonly row: string;
  readonly column: string;
}

export interface Sealer {
  /** The first 8 hex digits of the key's SHA-256: says which key opens a value, and nothing of it. */
  readonly keyId: string;
  seal(place: SealedPlace, secret: Secret): string;
  /** The secret. Problem `store_unavailable` when another key sealed it, or it was changed or moved. */
  open(place: SealedPlace, sealed: string): Secret;
  /**
   * A key of 32 bytes for another purpose, by HKDF-SHA256: another for each label and installation, the same
   * in each of its programs. It tells nothing of the seal key, and is stored nowhere.
   */
  derive(label: string, instanceId: string): Uint8Array;
}

/** Seals and opens with one key of 32 bytes. */
export function createSealer(key: Uint8Array, randomness: Randomness): Sealer {
  if (key.length !== SEAL_KEY_BYTES) throw new Error('a seal key has 32 bytes');
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return {
    keyId,
    seal(place, secret) {
      const nonce = randomness.bytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(placeBytes(place));
      const text = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()]);
      const parts = [Buffer.from(nonce), text, cipher.getAuthTag()];
      return ['v1', keyId, ...parts.map((part) => part.toString('base64url'))].join('.');
    },
    open(place, sealed) {
      const [version, by, ...rest] = sealed.split('.');
      const [nonce, text, tag] = rest.map((part) => Buffer.from(part, 'base64url'));
      if (version !== 'v1' || !nonce || !text || !tag) throw unopened(place, 'it is damaged');
      if (by !== keyId) {
        throw unopened(place, `it was sealed with key ${by}, and the key in use is ${keyId}`);
      }
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
          .setAAD(placeBytes(place))
          .setAuthTag(tag);
        return new Secret(decipher.update(text, undefined, 'utf8') + decipher.final('utf8'));
      } catch (cause) {
        throw unopened(place, 'it was changed or moved', cause);
      }
    },
    derive: (label, instanceId) =>
      new Uint8Array(hkdfSync('sha256', key, instanceId, `waba-health ${label}`, SEAL_KEY_BYTES)),
  };
}

function placeBytes({ table, row, column }: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify([table, row, column]));
}

function unopened({ table, row, column }: SealedPlace, why: string, cause?: unknown): Problem {
  const message = `The sealed ${column} of ${row} in ${table} cannot be opened: ${why}.`;
  return new Problem('store_unavailable', message, { cause });
}
