/** What incidents need beside reads: time passes for them too. Belongs to the role `watch`. */
import type { Monitor } from '#monitor/monitor.ts';
import type { Repeated } from '#monitor/repeat.ts';
import { repeat } from '#monitor/repeat.ts';
import { baselineRound } from './baseline-round.ts';
import { fleetRound } from './fleet-round.ts';
import { gatherRound } from './gather-round.ts';
import { outdatedRound } from './outdated-round.ts';
import { sendsRound } from './sends-round.ts';
import { upstreamRound } from './upstream-round.ts';

/** How often it is looked whether siblings were read, in ms. */
const GATHER_EVERY_MS = 500;

/** Begins all of them; closing waits for what is under way. */
export function startIncidentRounds(
  monitor: Monitor,
  gatherEveryMs: number = GATHER_EVERY_MS,
): Repeated {
  const { deps } = monitor;
  const rounds = [
    repeat(deps, {
      what: 'letting go of messages that wait for siblings',
      everyMs: gatherEveryMs,
      work: (closing) => gatherRound(deps, closing),
    }),
    repeat(deps, {
      what: 'judging upstreams',
      everyMs: 10_000,
      work: () => upstreamRound(monitor),
    }),
    repeat(deps, {
      what: 'telling what is outdated',
      everyMs: 60_000,
      work: (closing) => outdatedRound(deps, closing),
    }),
    repeat(deps, {
      what: 'looking after open incidents',
      everyMs: 60_000,
      work: (closing) => fleetRound(deps, closing),
    }),
    repeat(deps, {
      what: 'holding failed sends against what Meta reports',
      everyMs: 60_000,
      work: (closing) => sendsRound(deps, closing),
    }),
    repeat(deps, {
      what: 'summing up what was so before',
      everyMs: 60_000,
      work: (closing) => baselineRound(deps, closing),
    }),
  ];
  return {
    async close() {
      await Promise.all(rounds.map((round) => round.close()));
    },
  };
}
