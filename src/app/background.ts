/**
 * Everything that a server does without being asked, in one place: a line for each part, begun together and
 * ended together. Each belongs to the role `watch` or `deliver`.
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
export type StartPart = (monitor: Monitor, options: BackgroundOptions) => Repeated;

/** In this order they begin; all end at the same time. */
const WATCHING: readonly StartPart[] = [
  watchFleet,
  startIntervals,
  (monitor) => startIncidentRounds(monitor),
  startProfileRounds,
  startCredentialWatch,
  ({ deps }, { historyDays }) => startPruning(deps, { historyMs: historyDays }),
  ({ deps }) => startWebhooks(deps),
  ({ deps }) => startSignalPruning(deps),
];

/** What belongs to these roles; `deliver` is what sends messages. */
export function partsOf(roles: ServerOptions['roles'], deliver: StartPart): readonly StartPart[] {
  return [
    ...(roles.includes('watch') ? WATCHING : []),
    ...(roles.includes('deliver') ? [deliver] : []),
  ];
}

/** Begins all of it. Closing begins nothing more and waits for what is under way. */
export function startBackground(
  monitor: Monitor,
  options: BackgroundOptions,
  parts: readonly StartPart[],
): Repeated {
  const running = parts.map((start) => start(monitor, options));
  return {
    async close() {
      await Promise.all(running.map((part) => part.close()));
    },
  };
}
