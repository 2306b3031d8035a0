/** What the public route reads in a request's headers. Whatever else they hold is ignored. */

/** No key of anybody's is longer; what is longer is not looked up. */
const KEY_LENGTH_MAX = 512;

/**
 * The API key; null when it is missing, empty or sent twice. Node joins repeated headers with a comma,
 * and no key has one.
 */
export function apiKeyIn(value: string | string[] | undefined): string | null {
  if (typeof value !== 'string' || value === '' || value.length > KEY_LENGTH_MAX) return null;
  return value.includes(',') ? null : value;
}

/**
 * The oldest answer that the client takes, in ms: 0 for `no-cache`, its `max-age`; the stricter of both.
 * Null when it says neither: other directives, and those that are no number, are ignored.
 */
export function maxAgeMsIn(cacheControl: string | undefined): number | null {
  if (cacheControl === undefined) return null;
  let oldest: number | null = null;
  for (const directive of cacheControl.split(',')) {
    const [name = '', value = ''] = directive.split('=', 2);
    const seconds = secondsOf(name.trim().toLowerCase(), value.trim());
    if (seconds !== null) oldest = Math.min(oldest ?? Infinity, seconds * 1000);
  }
  return oldest;
}

function secondsOf(name: string, value: string): number | null {
  if (name === 'no-cache') return 0;
  const digits = /^"?(\d{1,10})"?$/.exec(value)?.[1];
  return name === 'max-age' && digits !== undefined ? Number(digits) : null;
}

/** Whether `If-None-Match` names this tag: by weak comparison, as RFC 9110 §13.1.2 wants it. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  for (const [tag] of ifNoneMatch.matchAll(/"[^"]*"/g)) if (tag === etag) return true;
  return false;
}
