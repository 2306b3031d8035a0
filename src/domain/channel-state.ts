/**
 * Everything known about a channel's health at one moment, and how an outcome changes it. Pure: the
 * store keeps what these functions return, so that every engine remembers by the same rules.
 */
import type { Failure } from './failure.ts';
import type { Snapshot } from './snapshot.ts';
import type { Status } from './status.ts';
import { isOutdated, stalenessLimitMs } from './freshness.ts';
import type { Trust } from './trust.ts';
import { trustAfterFailure, trustAfterGoodRead, TRUSTED } from './trust.ts';
import type { UnknownReason, Verdict, Verdicts } from './verdict.ts';
import { unknownVerdict, verdictsOf } from './verdict.ts';

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
  trust: TRUSTED,
};

/**
 * The state after an outcome. An outcome whose attempt is not newer changes nothing: attempt numbers
 * decide order, clocks never do.
 */
export function stateAfter(state: ChannelState, outcome: Outcome): ChannelState {
  if (outcomeAttempt(outcome) <= state.attempt) return state;
  return outcome.ok ? afterGoodRead(state, outcome.snapshot) : afterFailure(state, outcome);
}

function outcomeAttempt(outcome: Outcome): number {
  return outcome.ok ? outcome.snapshot.attempt : outcome.attempt;
}

function afterGoodRead(state: ChannelState, snapshot: Snapshot): ChannelState {
  return {
    attempt: snapshot.attempt,
    good: snapshot,
    since: sinceAfter(state, snapshot),
    lastFailure: null,
    trust: trustAfterGoodRead(),
  };
}

function afterFailure(
  state: ChannelState,
  { attempt, at, failure }: Extract<Outcome, { ok: false }>,
): ChannelState {
  return {
    ...state,
    attempt,
    lastFailure: { attempt, at, failure, inARow: (state.lastFailure?.inARow ?? 0) + 1 },
    trust: trustAfterFailure(state.trust, failure.code, at),
  };
}

/** Kept while a status stays; begun anew when it changes, or when trust in it had ended meanwhile. */
function sinceAfter(state: ChannelState, snapshot: Snapshot): Since {
  const next = verdictsOf(snapshot.report);
  const kept = state.good === null || state.trust.state === 'ended' ? null : state.since;
  const previous = state.good === null ? null : verdictsOf(state.good.report);
  const begin = (was: Verdict | null | undefined, is: Verdict, since: number | null | undefined) =>
    was?.status === is.status ? (since ?? snapshot.readAt) : snapshot.readAt;
  return {
    messaging: begin(previous?.messaging, next.messaging, kept?.messaging),
    calling: next.calling && begin(previous?.calling, next.calling, kept?.calling),
  };
}

/** What may be said of a channel now, age and trust considered. */
export interface Standing {
  readonly verdicts: Verdicts;
  /** When the shown status began; null when it is not known. */
  readonly since: Since | null;
  /** Beside an UNKNOWN for want of a usable snapshot: what was last known, and how old it is in ms. */
  readonly lastKnown: {
    readonly messaging: Status;
    readonly calling: Status | null;
    readonly ageMs: number;
  } | null;
}

/** The standing at `now`: UNKNOWN with its reason when never read, outdated or not trusted. */
export function standingOf(state: ChannelState, checkIntervalMs: number, now: number): Standing {
  const { good, trust } = state;
  if (good === null) {
    const messaging = unknownVerdict('never_read');
    return { verdicts: { messaging, calling: null, reported: null }, since: null, lastKnown: null };
  }
  const known = verdictsOf(good.report);
  const outdated = isOutdated(good.readAt, checkIntervalMs, now);
  if (trust.state !== 'ended' && !outdated) {
    return { verdicts: known, since: state.since, lastKnown: null };
  }
  const outdatedAt = good.readAt + stalenessLimitMs(checkIntervalMs);
  return trust.state === 'ended'
    ? unknownStanding(good, 'not_trusted', { at: Math.min(trust.since, outdatedAt), now })
    : unknownStanding(good, 'outdated', { at: outdatedAt, now });
}

function unknownStanding(
  good: Snapshot,
  reason: UnknownReason,
  { at, now }: { readonly at: number; readonly now: number },
): Standing {
  const known = verdictsOf(good.report);
  const unknown = unknownVerdict(reason);
  return {
    verdicts: {
      messaging: unknown,
      calling: known.calling && unknown,
      reported: known.reported,
    },
    since: { messaging: at, calling: known.calling && at },
    lastKnown: {
      messaging: known.messaging.status,
      calling: known.calling?.status ?? null,
      ageMs: Math.max(0, now - good.readAt),
    },
  };
}
