/** Meta's proof that a call comes from the app's own server, with its time (docs/meta.md §6). */
import { createHmac } from 'node:crypto';
import type { Secret } from '#domain/secret.ts';

/**
 * The two query parameters: the hex HMAC-SHA256, keyed with the app's secret, over the token, a
 * vertical bar and the unix seconds. Meta takes it for five minutes, so it is made for each call.
 */
export function appSecretProof(token: Secret, appSecret: Secret, now: number): string {
  const seconds = Math.floor(now / 1000);
  const proof = createHmac('sha256', appSecret.reveal())
    .update(`${token.reveal()}|${seconds}`)
    .digest('hex');
  return `appsecret_proof=${proof}&appsecret_time=${seconds}`;
}
