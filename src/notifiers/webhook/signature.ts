/** Signatures of Standard Webhooks 1.0.0: HMAC-SHA256 over id, time and body, one for each secret. */
import { createHmac } from 'node:crypto';

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const KEY_BYTES_MIN = 24;
const KEY_BYTES_MAX = 64;

/** What is signed: the delivery's id, the time of this attempt in whole unix seconds, the body as sent. */
export interface Signed {
  readonly id: string;
  readonly seconds: number;
  readonly body: string;
}

/** The value of `webhook-signature`: `v1,<base64>` for each secret, divided by blanks. */
export function signatureOf({ id, seconds, body }: Signed, secrets: readonly string[]): string {
  return secrets
    .map((secret) => createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`))
    .map((hmac) => `v1,${hmac.digest('base64')}`)
    .join(' ');
}

/** What is wrong with a secret; null when it can sign. */
export function secretProblem(secret: string, name: string): string | null {
  const bytes = keyOf(secret).length;
  return bytes >= KEY_BYTES_MIN && bytes <= KEY_BYTES_MAX
    ? null
    : `${name} must be whsec_ and the base64 of ${KEY_BYTES_MIN} to ${KEY_BYTES_MAX} random bytes.`;
}

/** The decoded bytes; none for what is no secret of this form. */
function keyOf(secret: string): Buffer {
  const text = SECRET.exec(secret)?.[1] ?? '';
  const bytes = Buffer.from(text, 'base64');
  const isWhole = bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
  return isWhole ? bytes : Buffer.alloc(0);
}
