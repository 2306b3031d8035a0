/** Whether, and until when, a stored answer may be given to a client. */
import { stalenessLimitMs } from '#domain/freshness.ts';
import type { Held } from './latest.ts';

/** A stored answer with its times, in ms UTC. */
export interface Servable {
  readonly body: Uint8Array;
  /** SHA-256 of the body, lower-case hex. */
  readonly bodyHash: string;
  readonly readAt: number;
  /** The channel's check interval: for so long it is fresh. */
  readonly intervalMs: number;
  /** The staleness limit: older than this it is not served. */
  readonly limitMs: number;
}

/**
 * The stored answer; null when there is none, when trust in it has ended, or when it is outdated at
 * `now`: in the same moment in which its verdict turns UNKNOWN.
 */
export function servableOf({ channel, state, body }: Held, now: number): Servable | null {
  const { good, trust } = state;
  if (good === null || body === null || trust.state === 'ended') return null;
  const intervalMs = channel.intervalMs;
  const limitMs = stalenessLimitMs(intervalMs);
  if (now - good.readAt > limitMs) return null;
  return { body, bodyHash: good.bodyHash, readAt: good.readAt, intervalMs, limitMs };
}

/** In HTTP's words. */
export function freshnessOf({ readAt, intervalMs }: Servable, now: number): 'fresh' | 'stale' {
  return now - readAt < intervalMs ? 'fresh' : 'stale';
}
