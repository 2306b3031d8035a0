/** Meta's webhooks: whether they are Meta's, what of them may be kept, and what they say. Pure, and total. */
import type { Secret } from '#domain/secret.ts';
import type { Hint } from '#domain/signals/signal.ts';

/** The most that one webhook may have, and what Meta sends at most (docs/meta.md §5.1). */
export const WEBHOOK_BYTES_MAX = 3_145_728;
export const WEBHOOK_UPDATES_MAX = 1_000;

export type WebhookReading =
  | {
      readonly ok: true;
      /**
       * What may be stored: the body byte for byte, or what is left of it without anything personal. Null
       * when nothing is left.
       */
      readonly kept: Uint8Array | null;
    }
  | { readonly ok: false; readonly why: 'no_json' | 'no_envelope' | 'too_many_updates' };

export interface Change {
  readonly hint: Hint;
  /** The same for the same change, however often and on whatever way it comes; null for what is counted. */
  readonly key: string | null;
}

export interface Webhooks {
  /** Whether `X-Hub-Signature-256` is what this secret gives over these bytes. In constant time. */
  isSigned(body: Uint8Array, signature: string, appSecret: Secret): boolean;
  /** Whether a text has the form of such a signature: nothing else is worth reading a body for. */
  isSignature(text: string): boolean;
  /** The verify token of an app, which only who knows its secret can derive. */
  verifyTokenOf(metaAppId: string, appSecret: Secret): string;
  /** Whether these two are the same text. In constant time. */
  isSame(one: string, other: string): boolean;
  /** Never throws on content. */
  read(body: Uint8Array): WebhookReading;
  /** What a body says that `read` kept; nothing for any other. Never throws on content. */
  changesIn(kept: Uint8Array): readonly Change[];
}
