/**
 * Foreign text, made fit to be stored and shown: an upstream's error may echo the token it was asked
 * with (docs/meta.md §3.1), and may hold markup, control or bidi characters. Ids stay readable.
 */
import type { Secret } from '#domain/secret.ts';

const SHOWN_CHARACTERS_MAX = 500;
const READ_CHARACTERS_MAX = 2_000;

/** A piece of a known secret as long as this counts as the secret. */
const FRAGMENT_LENGTH = 10;
const MASK = '[redacted]';

/** Bidi controls, zero-width and other invisible characters: dropped, so that no secret hides among them. */
const INVISIBLE =
  /\p{Default_Ignorable_Code_Point}|[\u061c\u200e\u200f\u202a-\u202e\ufff9-\ufffb]/gu;
const BLANKS = /[\s\p{Cc}]+/gu;

/** Graph's tokens, whole or cut short. */
const GRAPH_TOKEN = /EAA[A-Za-z0-9]{4,}/g;
/** What a key consists of, without a break. */
const LONG_WORD = /[A-Za-z0-9_\-+=%]{16,}/g;

/**
 * At most 500 characters on one line, without `secrets`, without what looks like a token or key, and
 * without markup: angle brackets become ‹ ›.
 */
export function redacted(foreign: string, secrets: readonly Secret[] = []): string {
  let text = foreign.slice(0, READ_CHARACTERS_MAX).toWellFormed();
  if (foreign.length > READ_CHARACTERS_MAX) text = text.replace(/[\w\-+=%]*$/, '');
  text = text.replace(INVISIBLE, '').replace(BLANKS, ' ').trim();
  for (const secret of secrets) text = withoutSecret(text, secret.reveal());
  text = text
    .replace(GRAPH_TOKEN, MASK)
    .replace(LONG_WORD, (word) => (isOpaque(word) ? MASK : word));
  text = text.replaceAll('<', '‹').replaceAll('>', '›');
  return text.length <= SHOWN_CHARACTERS_MAX
    ? text
    : `${text.slice(0, SHOWN_CHARACTERS_MAX - 1).toWellFormed()}…`;
}

/** Whether it looks like a key: letters and digits mixed, or letters without end. Ids are digits alone. */
function isOpaque(word: string): boolean {
  return /[A-Za-z]/.test(word) && (/[0-9]/.test(word) || /[A-Za-z]{32}/.test(word));
}

/** The text without the secret and without any longer piece of it: messages quote tokens cut short. */
function withoutSecret(text: string, secret: string): string {
  if (secret.length < 4) return text;
  const whole = text.replaceAll(secret, MASK);
  if (secret.length <= FRAGMENT_LENGTH) return whole;
  let kept = '';
  let at = 0;
  while (at < whole.length) {
    const length = fragmentLength(whole, at, secret);
    kept += length === 0 ? whole.charAt(at) : MASK;
    at += Math.max(1, length);
  }
  return kept;
}

/** How many characters of `text` from `at` on stand in `secret` as they are; 0 when too few to matter. */
function fragmentLength(text: string, at: number, secret: string): number {
  let length = FRAGMENT_LENGTH;
  const piece = text.slice(at, at + length);
  if (piece.length < length || !secret.includes(piece)) return 0;
  while (at + length < text.length && secret.includes(text.slice(at, at + length + 1))) length += 1;
  return length;
}
