/**
 * Planned work: a silence whose time is no part of uptime. It is about channels, whatever happens to them, so that
 * only what a channel itself has is matched: its name, its labels, and the entities that it belongs to.
 */
import type { Channel } from '#domain/channel.ts';
import type { Span } from '#domain/uptime.ts';
import { carries, carriesNone } from './match.ts';
import type { Matchers } from './matchers.ts';
import type { Silence } from './silence.ts';

/** The matchers that planned work may have, as the API names them. */
export const PLANNED_WORK_MATCHERS = ['labels', 'without_labels', 'channel', 'subject'] as const;

const ALLOWED: ReadonlySet<string> = new Set<keyof Matchers>([
  'labels',
  'withoutLabels',
  'channel',
  'subject',
]);

/** The names of the matchers that planned work cannot have. */
export function wrongForPlannedWork(match: Matchers): readonly string[] {
  return Object.keys(match).filter((name) => !ALLOWED.has(name));
}

/** The spans of planned work on this channel. An early end counts from when it was. */
export function plannedSpans(
  silences: readonly Silence[],
  channel: Pick<Channel, 'name' | 'labels' | 'identity' | 'nodeId'>,
): readonly Span[] {
  return silences
    .filter(({ isExcluded, match }) => isExcluded && isAbout(match, channel))
    .map(({ startsAt, endsAt }) => ({ from: startsAt, until: endsAt }));
}

function isAbout(
  match: Matchers,
  { name, labels, identity, nodeId }: Pick<Channel, 'name' | 'labels' | 'identity' | 'nodeId'>,
): boolean {
  if (wrongForPlannedWork(match).length > 0) return false;
  const { labels: all, withoutLabels, channel, subject } = match;
  const ids: readonly unknown[] = [nodeId, ...Object.values(identity ?? {})];
  return (
    (channel === undefined || channel.includes(name)) &&
    (subject === undefined || subject.some((id) => ids.includes(id))) &&
    carries(labels, all ?? {}) &&
    carriesNone(labels, withoutLabels ?? {})
  );
}
