/** Meta's proof that a call comes from the app's own server, with its time (docs/meta.md §6). */
import { createHmac } from 'node:crypto';
import type { Secret } from '#domain/secret.ts';

interface Proof {
  readonly appSecret: string;
  readonly query: string;
}

/**
 * Makes the two query parameters: the hex HMAC-SHA256, keyed with the app's secret, over the token, a
 * vertical bar and the unix seconds. Meta takes it for five minutes, so it is made for each call; what
 * was made in this same second is the same, and is used again: 20 tokens may ask thousands of times.
 */
export class AppSecretProofs {
  #seconds = 0;
  /** By token; of the present second alone. */
  readonly #proofs = new Map<string, Proof>();

  /** `appsecret_proof=…&appsecret_time=…`, for `now` in ms. */
  queryFor(token: Secret, appSecret: Secret, now: number): string {
    const seconds = Math.floor(now / 1000);
    if (seconds !== this.#seconds) {
      this.#seconds = seconds;
      this.#proofs.clear();
    }
    const made = this.#proofs.get(token.reveal());
    if (made !== undefined && made.appSecret === appSecret.reveal()) return made.query;
    const proof = createHmac('sha256', appSecret.reveal())
      .update(`${token.reveal()}|${seconds}`)
      .digest('hex');
    const query = `appsecret_proof=${proof}&appsecret_time=${seconds}`;
    this.#proofs.set(token.reveal(), { appSecret: appSecret.reveal(), query });
    return query;
  }
}
