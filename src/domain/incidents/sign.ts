/**
 * A sign: what one channel shows of one cause at present. It begins as a *suspect*, a bad observation that
 * waits to be confirmed, and makes the channel a *member* once the cause has an incident. It goes when a
 * good read of this very channel says so, never because something else was seen.
 */
import type { Capability } from '#domain/entity.ts';
import type { ChannelId, IncidentId } from '#domain/id.ts';
import type { Status } from '#domain/status.ts';
import type { Cause } from './cause.ts';

/** `muted`: its incident was resolved by hand; it says nothing until a good read was seen. */
export const SIGN_STAGES = ['suspect', 'member', 'muted'] as const;
export type SignStage = (typeof SIGN_STAGES)[number];

export interface Sign {
  readonly channelId: ChannelId;
  readonly cause: Cause;
  readonly capability: Capability | null;
  readonly stage: SignStage;
  /** Of a member. */
  readonly incidentId: IncidentId | null;
  /** The cause's status as this channel's newest bad read had it: BLOCKED, LIMITED; UNKNOWN where it is not seen. */
  readonly status: Status;
  /** The codes of the findings on the cause, the weightiest first. */
  readonly codes: readonly string[];
  /** When the first and the newest bad read were begun and were there, ms UTC. */
  readonly firstStartedAt: number;
  readonly firstBadAt: number;
  readonly lastBadAt: number;
  readonly badReads: number;
  /** Whether the capability ever worked on this channel before: else it is nothing that was lost. */
  readonly worked: boolean;
  /** The verdict that the first bad read replaced; null when there was none. */
  readonly replaced: Status | null;
  /** The first good read since the newest bad one, and the newest good one: ms UTC; null before one. */
  readonly goodSince: number | null;
  readonly goodAt: number | null;
}
