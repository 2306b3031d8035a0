/** Signatures as the first 128 bits of an HMAC-SHA256, in base64url. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Signer } from '#ports/signer.ts';

/** Half of the HMAC, the least that RFC 2104 allows: nobody guesses 128 bits, and links stay short. */
const BYTES = 16;

/** Precondition: `key` is used for nothing else. */
export function hmacSigner(key: Uint8Array): Signer {
  const bytesOf = (text: string) =>
    createHmac('sha256', key).update(text, 'utf8').digest().subarray(0, BYTES);
  return {
    sign: (text) => bytesOf(text).toString('base64url'),
    isSignatureOf(text, signature) {
      // The form first: base64url takes what it does not know as nothing.
      if (!/^[\w-]{22}$/.test(signature)) return false;
      const given = Buffer.from(signature, 'base64url');
      const right = bytesOf(text);
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}
