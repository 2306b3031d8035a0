/** A silence: for a while nobody is told of what it matches. When it ends, what is still open is told. */
import type { SilenceId } from '#domain/id.ts';
import type { Matchers } from './matchers.ts';

export const SILENCE_MS_MAX = 30 * 24 * 3_600_000;

export interface Silence {
  readonly id: SilenceId;
  readonly match: Matchers;
  readonly author: string;
  readonly reason: string;
  readonly startsAt: number;
  /** At most `SILENCE_MS_MAX` after `startsAt`. */
  readonly endsAt: number;
  /** Planned work: what happens in it is no part of uptime. */
  readonly isExcluded: boolean;
  readonly createdAt: number;
  /** When its end was acted on: what was still open is told by then. Null before. */
  readonly endedAt: number | null;
}

/** Whether it is in force at `now`. */
export function isInForce({ startsAt, endsAt, endedAt }: Silence, now: number): boolean {
  return endedAt === null && startsAt <= now && now < endsAt;
}
