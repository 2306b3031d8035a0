/**
 * Everything that a server does without being asked, in one place: a line for each part, begun together and
 * ended together. It belongs to the role `watch`.
 */
import type { ServerOptions } from '#config/options.ts';
import { startIntervals } from '#monitor/apply-intervals.ts';
import type { Monitor } from '#monitor/monitor.ts';
import { startIncidentRounds } from '#monitor/incidents/rounds.ts';
import { startProfileRounds } from '#monitor/profile-rounds.ts';
import { startPruning } from '#monitor/prune.ts';
import type { Repeated } from '#monitor/repeat.ts';
import { startSignalPruning } from '#monitor/signals/prune-signals.ts';
import { startWebhooks } from '#monitor/signals/understand-webhooks.ts';
import { startCredentialWatch } from '#monitor/watch-credentials.ts';
import { watchFleet } from '#monitor/watch-fleet.ts';

/** What the parts are told of the options. */
export type BackgroundOptions = Pick<ServerOptions, 'historyDays'>;

/** One part: begins when it is called, and ends what it began when that is closed. */
type StartPart = (monitor: Monitor, options: BackgroundOptions) => Repeated;

/** In this order they begin; all end at the same time. */
const PARTS: readonly StartPart[] = [
  watchFleet,
  startIntervals,
  startIncidentRounds,
  startProfileRounds,
  startCredentialWatch,
  ({ deps }, { historyDays }) => startPruning(deps, { historyMs: historyDays }),
  ({ deps }) => startWebhooks(deps),
  ({ deps }) => startSignalPruning(deps),
];

/** Begins all of it. Closing begins nothing more and waits for what is under way. */
export function startBackground(
  monitor: Monitor,
  options: BackgroundOptions,
  parts: readonly StartPart[] = PARTS,
): Repeated {
  const running = parts.map((start) => start(monitor, options));
  return {
    async close() {
      await Promise.all(running.map((part) => part.close()));
    },
  };
}
