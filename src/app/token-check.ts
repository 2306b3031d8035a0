/** Whether a token is the one that was given, found out in the same time for any that is not. */
import { timingSafeEqual } from 'node:crypto';
import type { TokenCheck } from '#http/context.ts';
import type { Digest } from '#ports/digest.ts';

/** Against the SHA-256 of the right one, as lower-case hex. */
export function tokenCheck(digest: Digest, hash: string): TokenCheck {
  const expected = Buffer.from(hash, 'hex');
  return {
    verify: (token) =>
      Promise.resolve(timingSafeEqual(Buffer.from(digest.sha256Hex(token), 'hex'), expected)),
  };
}
