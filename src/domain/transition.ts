/**
 * A transition: one thing that is different after a read, a decision or the passing of time. History is
 * made of these alone: what did not change is not written, and uptime, streaks and timelines derive
 * from them.
 *
 * Transitions of one *series* follow each other: the `was` of one is the `is` of the one before.
 */
import type { Capability, Entity } from './entity.ts';
import type { ChannelId, TransitionId } from './id.ts';
import type { Status } from './status.ts';
import type { UnknownReason } from './verdict.ts';

/**
 * `verdict`: what may be said of a capability, UNKNOWN included. `entity`: the word that an entity
 * reports. `finding`: something said about a subject appears or goes. `identity`: the number belongs to
 * another WABA, business or app. `profile`: a field of what the number is. `watch`: somebody added, paused,
 * resumed, moved, retired or removed the channel.
 */
export const TRANSITION_KINDS = [
  'verdict',
  'entity',
  'finding',
  'identity',
  'profile',
  'watch',
] as const;
export type TransitionKind = (typeof TRANSITION_KINDS)[number];

/** What changed, before it has an id and a channel. */
export interface Change {
  /** ms UTC: of the read that showed it, or the moment at which a view turned outdated. */
  readonly at: number;
  readonly kind: TransitionKind;
  /** What it is a change of; the same text for all transitions that follow each other. */
  readonly series: string;
  readonly capability: Capability | null;
  /** The entity it is about, its type as received. */
  readonly subjectType: string | null;
  readonly subjectId: string | null;
  /** A finding's code, a field of the identity or of the profile; null for the others. */
  readonly code: string | null;
  /** Null: it was not there, or is gone. */
  readonly was: string | null;
  readonly is: string | null;
  /** Why a verdict is UNKNOWN, Meta's own sentence about a finding, or what a person said. */
  readonly detail: string | null;
}

/** The read behind a change: what an operator shows to Meta's support. */
export interface Evidence {
  readonly attempt: number;
  /** When the question was sent, ms UTC; null for what no read showed. */
  readonly startedAt: number | null;
  readonly traceId: string | null;
  readonly version: string | null;
  /** SHA-256 of the good bodies on both sides; null where there is none. */
  readonly bodyBefore: string | null;
  readonly bodyAfter: string | null;
}

export interface Transition extends Change, Evidence {
  readonly id: TransitionId;
  readonly channelId: ChannelId;
}

/** A transition as its series needs it: when, from what to what, why, and in which order. */
export type SeriesStep = Pick<Transition, 'id' | 'at' | 'attempt' | 'was' | 'is' | 'detail'>;

/** The evidence of what no read showed: a decision of a person, or the passing of time. */
export const NO_READ: Evidence = {
  attempt: 0,
  startedAt: null,
  traceId: null,
  version: null,
  bodyBefore: null,
  bodyAfter: null,
};

/** The verdicts as history tells them: what the newest verdict transitions say. */
export interface Recorded {
  readonly messaging: Status;
  readonly calling: Status | null;
  /** Why messaging is UNKNOWN. */
  readonly reason: UnknownReason | null;
}

export const RECORDED_BEFORE_ALL: Recorded = {
  messaging: 'UNKNOWN',
  calling: null,
  reason: 'never_read',
};

/** The series of a channel's verdict about a capability. */
export function verdictSeries(capability: Capability): string {
  return `verdict:${capability}`;
}

/** The series of what people decided about a channel. */
export const WATCH_SERIES = 'watch';

/** The series of the word that an entity reports about a capability. */
export function entitySeries({ type, id }: Pick<Entity, 'type' | 'id'>, capability: Capability) {
  return `entity:${JSON.stringify([type, id, capability])}`;
}

/** A change with nothing said about it. */
export const BLANK_CHANGE = {
  capability: null,
  subjectType: null,
  subjectId: null,
  code: null,
  detail: null,
} as const;

/** What a person decided about a channel: `watched`, `paused`, `retired`, `removed`; null before it was added. */
export type Watch = 'watched' | 'paused' | 'retired' | 'removed';

/** A decision of a person about a channel; `detail` is what that person said. */
export function watchChange(about: {
  readonly at: number;
  readonly was: Watch | null;
  readonly is: Watch;
  readonly detail: string | null;
}): Change {
  return { ...BLANK_CHANGE, kind: 'watch', series: WATCH_SERIES, ...about };
}

/** A field of the profile that is different now. */
export function profileChange(about: {
  readonly at: number;
  readonly field: string;
  readonly was: string | null;
  readonly is: string | null;
}): Change {
  const { field, ...rest } = about;
  return { ...BLANK_CHANGE, ...rest, kind: 'profile', series: `profile:${field}`, code: field };
}
