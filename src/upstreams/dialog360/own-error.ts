/** 360dialog's own errors: their texts in all the shapes seen, and what they mean (docs/dialog360.md §2). */
import type { FailureCode } from '#domain/failure.ts';
import { fieldOf } from '#upstreams/transport/meta/meta-error.ts';

/** The documented texts of an HTTP 400; their status says nothing, so the words have to. */
const TEXTS: readonly { readonly text: RegExp; readonly means: FailureCode }[] = [
  { text: /has been disabled/i, means: 'account_disabled' },
  { text: /lack of payment|overdue/i, means: 'account_disabled' },
  { text: /rate limit/i, means: 'rate_limited' },
];

/** What the text of a 4xx means; null when it is none of the documented ones. */
export function meaningOfText(text: string): FailureCode | null {
  return TEXTS.find((row) => row.text.test(text))?.means ?? null;
}

/**
 * The sentence in an error body, in the order of trust: `meta.developer_message`, `error` as text,
 * `error.message`, the first of `errors`, `message`. Null when there is none. Not redacted.
 */
export function errorTextOf(body: unknown): string | null {
  const [first] = listOf(fieldOf(body, 'errors'));
  const candidates = [
    fieldOf(fieldOf(body, 'meta'), 'developer_message'),
    fieldOf(body, 'error'),
    fieldOf(fieldOf(body, 'error'), 'message'),
    fieldOf(first, 'details'),
    fieldOf(first, 'title'),
    fieldOf(body, 'message'),
  ];
  for (const text of candidates) {
    if (typeof text === 'string' && text.trim() !== '') return text;
  }
  return null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
