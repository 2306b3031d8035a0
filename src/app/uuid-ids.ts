/**
 * Ids over UUIDv7 (RFC 9562), written as 26 characters of Crockford's base32 so that they sort by
 * creation. Within a process each is greater than the one before, even when the clock steps back: in
 * one millisecond the random part counts on.
 */
import type { Id, IdPrefix } from '#domain/id.ts';
import type { Clock } from '#ports/clock.ts';
import type { Ids, Randomness } from '#ports/ids.ts';

const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
/** Beside time, version and variant, a UUIDv7 has 74 bits of its own: 12 and 62. */
const OWN_BITS = 74n;

export function createIds({ clock, randomness }: { clock: Clock; randomness: Randomness }): Ids {
  let lastMs = -1;
  let own = 0n;
  return {
    next<P extends IdPrefix>(prefix: P): Id<P> {
      const now = clock.now();
      if (now > lastMs) {
        lastMs = now;
        // One bit less than there is, so that counting on within a millisecond has room.
        own = randomBits(randomness) >> 1n;
      } else {
        own += 1n;
      }
      return `${prefix}_${base32(uuidOf(lastMs, own))}`;
    },
  };
}

function randomBits(randomness: Randomness): bigint {
  let bits = 0n;
  for (const byte of randomness.bytes(10)) bits = (bits << 8n) | BigInt(byte);
  return BigInt.asUintN(Number(OWN_BITS), bits);
}

function uuidOf(ms: number, own: bigint): bigint {
  const upper = own >> 62n;
  const lower = BigInt.asUintN(62, own);
  return (BigInt(ms) << 80n) | (7n << 76n) | (upper << 64n) | (2n << 62n) | lower;
}

function base32(value: bigint): string {
  let text = '';
  let rest = value;
  for (let index = 0; index < 26; index += 1) {
    text = `${LETTERS[Number(rest & 31n)]}${text}`;
    rest >>= 5n;
  }
  return text;
}
