/**
 * Everything known about a channel's health at one moment, and how an outcome changes it. Pure: the
 * store keeps what these functions return, so that every engine remembers by the same rules.
 */
import type { Channel } from './channel.ts';
import type { Failure } from './failure.ts';
import type { Snapshot } from './snapshot.ts';
import type { Status } from './status.ts';
import type { Trust } from './trust.ts';
import type { Verdicts } from './verdict.ts';

/** When a verdict took its present status; ms UTC of the first read that showed it. */
export interface Since {
  readonly messaging: number;
  readonly calling: number | null;
}

export interface LastFailure {
  readonly attempt: number;
  readonly at: number;
  readonly failure: Failure;
  /** How many reads have failed since the last good one, this one included. */
  readonly inARow: number;
}

export interface ChannelState {
  /** The newest attempt whose outcome is written here; 0 before the first. */
  readonly attempt: number;
  readonly good: Snapshot | null;
  readonly since: Since | null;
  /** Null when the newest outcome is a good read. */
  readonly lastFailure: LastFailure | null;
  readonly trust: Trust;
}

/** The outcome of one attempt: what it saw, or why it saw nothing. */
export type Outcome =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | {
      readonly ok: false;
      readonly attempt: number;
      readonly at: number;
      readonly failure: Failure;
    };

export const NEVER_READ: ChannelState = {
  attempt: 0,
  good: null,
  since: null,
  lastFailure: null,
  trust: { state: 'trusted' },
};

/** The state after an outcome. Precondition: its attempt is newer than `state.attempt`. */
export function stateAfter(state: ChannelState, outcome: Outcome): ChannelState {
  void state;
  void outcome;
  throw new Error('not written yet');
}

/** What may be said of a channel now, age and trust considered. */
export interface Standing {
  readonly verdicts: Verdicts;
  /** When the shown status began; null when it is not known. */
  readonly since: Since | null;
  /** Beside an UNKNOWN: what was last known, and how old it is in ms. */
  readonly lastKnown: {
    readonly messaging: Status;
    readonly calling: Status | null;
    readonly ageMs: number;
  } | null;
}

/** The standing at `now`: UNKNOWN with its reason when never read, outdated or not trusted. */
export function standingOf(state: ChannelState, checkIntervalMs: number, now: number): Standing {
  void state;
  void checkIntervalMs;
  void now;
  throw new Error('not written yet');
}

/** The channel's interval in ms: its own, or its upstream's default. */
export function checkIntervalMsOf(channel: Pick<Channel, 'checkIntervalMs' | 'upstream'>): number {
  void channel;
  throw new Error('not written yet');
}
