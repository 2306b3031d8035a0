/**
 * What an outcome changed, as history tells it. A view that turned outdated in between is told first, at
 * the moment when it did: a gap is never painted over by the good read that ends it.
 */
import type { ChannelState } from './channel-state.ts';
import { standingOf } from './channel-state.ts';
import type { Capability } from './entity.ts';
import type { Sha256Hex } from './finding.ts';
import { stalenessLimitMs } from './freshness.ts';
import { reportChanges } from './report-changes.ts';
import type { Status } from './status.ts';
import type { Change, Recorded } from './transition.ts';
import { BLANK_CHANGE, verdictSeries } from './transition.ts';
import type { Verdict } from './verdict.ts';

export interface OutcomeSides {
  readonly recorded: Recorded;
  readonly before: ChannelState;
  readonly after: ChannelState;
  readonly intervalMs: number;
  /** When the outcome was there, ms UTC. */
  readonly at: number;
  readonly sha256Hex: Sha256Hex;
}

/** What an outcome changed, oldest first, and what history tells afterwards. */
export interface Told {
  readonly changes: readonly Change[];
  readonly recorded: Recorded;
}

/** The changes between two states. Pure; the caller writes both in one transaction. */
export function changesBetween(sides: OutcomeSides): Told {
  const gap = changesOfAge(sides.before, sides);
  const told = verdictChanges(gap.recorded, sides.after, sides);
  const verdicts = isMadeUp(sides, gap.recorded, told.recorded) ? { ...gap, changes: [] } : told;
  const changes = [...gap.changes, ...verdicts.changes, ...reportChanges(sides)];
  return { changes, recorded: verdicts.recorded };
}

/** Only a good read makes something of an UNKNOWN; a clock that went back does not. */
function isMadeUp({ before, after }: OutcomeSides, was: Recorded, is: Recorded): boolean {
  const isRead = after.good !== before.good;
  return !isRead && was.messaging === 'UNKNOWN' && is.messaging !== 'UNKNOWN';
}

/** Only what the passing of time changed until `at`: a view that has turned outdated. */
export function changesOfAge(
  state: ChannelState,
  about: Pick<OutcomeSides, 'recorded' | 'intervalMs' | 'at'>,
): Told {
  const { recorded, intervalMs, at } = about;
  const { good } = state;
  const outdatedAt = good === null ? null : good.readAt + stalenessLimitMs(intervalMs);
  if (outdatedAt === null || outdatedAt >= at) return { changes: [], recorded };
  return verdictChanges(recorded, state, { intervalMs, at: outdatedAt + 1, shownAt: outdatedAt });
}

function verdictChanges(
  recorded: Recorded,
  state: ChannelState,
  about: { readonly intervalMs: number; readonly at: number; readonly shownAt?: number },
): Told {
  const { messaging, calling } = standingOf(state, about.intervalMs, about.at).verdicts;
  const at = about.shownAt ?? about.at;
  const changes = [
    verdictChange('messaging', {
      at,
      was: recorded.messaging,
      // Another reason for the same UNKNOWN is told too: one may still be seen, the other not.
      isSame: recorded.messaging === messaging.status && recorded.reason === messaging.reason,
      verdict: messaging,
    }),
    verdictChange('calling', {
      at,
      was: recorded.calling,
      isSame: recorded.calling === (calling?.status ?? null),
      verdict: calling,
    }),
  ].flat();
  const now = {
    messaging: messaging.status,
    calling: calling?.status ?? null,
    reason: messaging.reason,
  };
  return { changes, recorded: now };
}

function verdictChange(
  capability: Capability,
  about: {
    readonly at: number;
    readonly was: Status | null;
    readonly isSame: boolean;
    readonly verdict: Verdict | null;
  },
): readonly Change[] {
  const { at, was, isSame, verdict } = about;
  if (isSame) return [];
  const is = verdict?.status ?? null;
  const kind = 'verdict';
  const series = verdictSeries(capability);
  return [
    { ...BLANK_CHANGE, at, kind, series, capability, was, is, detail: verdict?.reason ?? null },
  ];
}
