/** An incident: one cause that keeps channels from sending or from being seen, from its first bad read on. */
import type { Actor } from '#domain/actor.ts';
import type { UpstreamKind } from '#domain/billing.ts';
import type { Capability } from '#domain/entity.ts';
import type { ChannelId, IncidentId } from '#domain/id.ts';
import type { Status } from '#domain/status.ts';
import type { Cause } from './cause.ts';

/** From worst to mildest; the words are those of PagerDuty's Events API v2. */
export const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * How it ended. `recovered`: good reads of its own ended it for a member at least; others may have been retired,
 * removed, paused or moved. `gone`: that became of all of them. `manual`: somebody closed it.
 */
export const RESOLUTIONS = ['recovered', 'gone', 'manual'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** Why a channel is a member no more. */
export const LEFT_REASONS = [
  'recovered',
  'moved',
  'removed',
  'retired',
  'paused',
  'manual',
] as const;
export type LeftReason = (typeof LEFT_REASONS)[number];

/** On what the opening rests. */
export interface Confirmation {
  readonly reads: number;
  /** From the beginning of the first read to that of the confirming one, in ms. */
  readonly spanMs: number;
  readonly channels: number;
  /** Whether a webhook named the cause, so that no second read was waited for. */
  readonly byWebhook: boolean;
}

export interface Acknowledgement {
  readonly at: number;
  readonly by: string;
  readonly note: string | null;
}

export interface Incident {
  readonly id: IncidentId;
  /** Short, for people: 142. */
  readonly number: number;
  readonly cause: Cause;
  readonly capability: Capability | null;
  /** Whom its members ask; null where it is about no upstream. */
  readonly upstream: UpstreamKind | null;
  readonly status: Status;
  readonly severity: Severity;
  /** The codes of the findings behind it, the weightiest first. */
  readonly codes: readonly string[];
  readonly actor: Actor;
  /** What it is, in a plain sentence: Meta's own about the first code, or ours; made inert where shown. */
  readonly detail: string | null;
  /** The first bad read, and when it was opened: ms UTC. */
  readonly beganAt: number;
  readonly openedAt: number;
  /** The newest good read of the cause before it began; null when there was none. */
  readonly lastGoodAt: number | null;
  readonly confirmation: Confirmation;
  /** None of its members ever had the capability: it was so before we watched, and is told in one summary. */
  readonly isBaseline: boolean;
  /** Opened and closed so often that it now closes only after an hour without trouble. */
  readonly isFlapping: boolean;
  /** The fleet incident that tells of it instead. */
  readonly inhibitedBy: IncidentId | null;
  /** Until when its siblings are read before it is told; null when there is nothing to wait for. */
  readonly gatherUntil: number | null;
  /** The member that is read at the fast pace. */
  readonly sentinelId: ChannelId | null;
  readonly acknowledgement: Acknowledgement | null;
  /** Until when its members are read every 15 s, because somebody is at it. */
  readonly watchUntil: number | null;
  /** Since when none of its members can be seen any more; null while one can. */
  readonly unseenSince: number | null;
  /** The first good read after the last bad one, once it has recovered. */
  readonly endedAt: number | null;
  readonly resolvedAt: number | null;
  readonly resolution: Resolution | null;
}

/** A channel that is or was a member. */
export interface Member {
  readonly incidentId: IncidentId;
  readonly channelId: ChannelId;
  readonly joinedAt: number;
  /** Of its own reads. */
  readonly firstBadAt: number;
  readonly status: Status;
  readonly worked: boolean;
  readonly replaced: Status | null;
  readonly leftAt: number | null;
  readonly leftReason: LeftReason | null;
}

/** What happened to an incident, for its timeline. */
export const INCIDENT_EVENT_KINDS = [
  'opened',
  'joined',
  'left',
  'worse',
  'unseen',
  'seen',
  'inhibited',
  'released',
  'flapping',
  'acknowledged',
  'watched',
  'signal',
  'resolved',
] as const;
export type IncidentEventKind = (typeof INCIDENT_EVENT_KINDS)[number];

export interface IncidentEvent {
  readonly incidentId: IncidentId;
  readonly at: number;
  readonly kind: IncidentEventKind;
  /** Whose number it is about, where it is about one. */
  readonly channelId: ChannelId | null;
  /** Who did it, where a person did. */
  readonly by: string | null;
  readonly detail: string | null;
}
