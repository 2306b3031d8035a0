/** Secrets travel in headers, and not every text can. */
import type { Failure } from '#domain/failure.ts';
import type { Secret } from '#domain/secret.ts';
import { failureOf } from './failure-of.ts';

const HEADER_VALUE_MAX = 8_192;

/**
 * The failure for a secret that no header can carry, so that no upstream could ever take it: other
 * characters than visible ASCII, nothing at all, or far too much. Null when it can be sent.
 */
export function unsendable(secret: Secret, what: string): Failure | null {
  const text = secret.reveal();
  if (text.length <= HEADER_VALUE_MAX && /^[\x21-\x7e]+$/.test(text)) return null;
  const detail = `The ${what} was not sent: it is empty, too long, or holds blanks or other characters that no ${what} has.`;
  return failureOf('credential_rejected', detail);
}
