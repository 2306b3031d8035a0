/** What proves that a webhook comes from Meta, and that we are who subscribed (docs/meta.md §5.1). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '#domain/secret.ts';

const FORM = /^sha256=([0-9a-f]{64})$/i;

export function isSignature(text: string): boolean {
  return FORM.test(text);
}

/** Whether the signature is this secret's over these very bytes. */
export function isSigned(body: Uint8Array, signature: string, appSecret: Secret): boolean {
  const given = FORM.exec(signature)?.[1];
  if (given === undefined) return false;
  const right = createHmac('sha256', appSecret.reveal()).update(body).digest();
  return timingSafeEqual(right, Buffer.from(given, 'hex'));
}

/**
 * The verify token of an app: derived, so that there is nothing more to configure or to keep. It tells nothing
 * about the secret, and no other text is signed with that in this form.
 */
export function verifyTokenOf(metaAppId: string, appSecret: Secret): string {
  const signed = `waba-health webhook verify token of app ${metaAppId}`;
  return createHmac('sha256', appSecret.reveal()).update(signed).digest('hex').slice(0, 40);
}

/** In a time that says nothing about where they differ. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHmac('sha256', 'same').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
