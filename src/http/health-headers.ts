/** The headers of a 200 and a 304 of the public route (RFC 9111, RFC 9211, RFC 5861). */
import type { CacheStory } from '#monitor/answer-health.ts';
import type { Servable } from '#monitor/servable.ts';

/** What the headers say about a body, its age and how it was come by. */
export interface Described {
  readonly bodyLength: number;
  readonly etag: string;
  readonly ageMs: number;
  /** For how long it is fresh, and for how long it may be served at all. */
  readonly freshMs: number;
  readonly servableMs: number;
  readonly story: CacheStory;
  readonly verdict: readonly string[];
}

/** A strong validator: equal tags mean equal bytes. 128 bits of the body's SHA-256. */
export function etagOf(bodyHash: string): string {
  return `"${bodyHash.slice(0, 32)}"`;
}

/** What `Described` needs of a stored answer. */
export function timesOf({ readAt, intervalMs, limitMs }: Servable, now: number) {
  return { ageMs: Math.max(0, now - readAt), freshMs: intervalMs, servableMs: limitMs };
}

/** Of a 304 only what is about the answer, not about a body that it does not carry. */
export function healthHeaders(status: 200 | 304, described: Described): string[] {
  const { bodyLength, etag, ageMs, freshMs, story, verdict } = described;
  const body =
    status === 200
      ? ['Content-Type', 'application/json', 'Content-Length', String(bodyLength)]
      : [];
  return [
    ...body,
    'Age',
    String(Math.floor(ageMs / 1000)),
    'ETag',
    etag,
    'Cache-Control',
    cacheControl(described),
    'Vary',
    'D360-API-KEY',
    'Cache-Status',
    `waba-health; ${cacheStatus(story, ttlSeconds(ageMs, freshMs))}`,
    ...verdict,
  ];
}

function cacheControl({ freshMs, servableMs }: Described): string {
  const maxAge = Math.floor(freshMs / 1000);
  const beyond = Math.floor(servableMs / 1000) - maxAge;
  if (beyond <= 0) return `private, max-age=${maxAge}`;
  return `private, max-age=${maxAge}, stale-while-revalidate=${beyond}, stale-if-error=${beyond}`;
}

/** What is left of `max-age` at this `Age`, in whole seconds; negative exactly when it is stale. */
function ttlSeconds(ageMs: number, freshMs: number): number {
  const left = Math.floor(freshMs / 1000) - Math.floor(ageMs / 1000);
  return ageMs < freshMs ? left : Math.min(left, -1);
}

function cacheStatus(story: CacheStory, ttl: number): string {
  if (!story.hit) return `fwd=${story.fwd}; ${story.collapsed ? 'collapsed' : 'stored'}`;
  return `hit; ttl=${ttl}${story.detail === null ? '' : `; detail=${story.detail}`}`;
}
