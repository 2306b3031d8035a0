/** How long an answer asks us to wait, by its `Retry-After` header: seconds or an HTTP date. */

/** Whoever asks for longer than a day is asked again after a day. */
const RETRY_AFTER_MS_MAX = 86_400_000;

/** In ms from `now`, at least 0; null when the header is absent or says nothing. */
export function retryAfterMsOf(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const ms = /^\d{1,12}$/.test(text) ? Number(text) * 1000 : dateOf(text) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), RETRY_AFTER_MS_MAX);
}

/** HTTP dates begin with a weekday; without one, `Date.parse` would take "5 apples" for a date. */
function dateOf(text: string): number {
  return /^[A-Z][a-z]{2,8}, ?\d/.test(text) ? Date.parse(text) : Number.NaN;
}
