/** SHA-256 by OpenSSL, in one call: the public route hashes a key with it for each request. */
import { hash } from 'node:crypto';
import type { Digest } from '#ports/digest.ts';

export const sha256Digest: Digest = { sha256Hex: (data) => hash('sha256', data, 'hex') };
