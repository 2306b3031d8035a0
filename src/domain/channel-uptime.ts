/**
 * The uptime of a channel's verdicts and of each entity, from its history.
 *
 * A verdict's first transition leaves UNKNOWN, so nothing is measured before it. An entity has no first
 * transition: before the one that is known it had the word that this one replaced, and without any, the
 * word that it has now. An entity is not measured while the channel had no usable snapshot.
 */
import type { Capability, EntityRef } from './entity.ts';
import { STATUSES, statusOfWord } from './status.ts';
import type { Status } from './status.ts';
import type { SeriesStep } from './transition.ts';
import type { Span, StatusFrom, Uptime } from './uptime.ts';
import { lineOf, uptimeOf } from './uptime.ts';
import type { UnknownReason } from './verdict.ts';

/** What happened to one entity's word about one capability. */
export interface EntityHistory {
  readonly entity: EntityRef;
  readonly capability: Capability;
  /** The word that it has in the newest good answer; null when it is not there. */
  readonly word: string | null;
  readonly steps: readonly SeriesStep[];
}

/** Steps are those of one series within the range and the newest before it, in any order. */
export interface ChannelHistory {
  readonly createdAt: number;
  /** When it was removed; null while it is there. */
  readonly archivedAt: number | null;
  readonly watch: readonly SeriesStep[];
  readonly verdicts: Readonly<Record<Capability, readonly SeriesStep[]>>;
  readonly entities: readonly EntityHistory[];
  /** Work that was announced, whose time does not count. */
  readonly planned: readonly Span[];
}

interface EntityUptime extends EntityRef {
  readonly capability: Capability;
  readonly uptime: Uptime;
}

export interface ChannelUptime {
  readonly messaging: Uptime;
  /** Null when nothing was ever said of calling. */
  readonly calling: Uptime | null;
  readonly entities: readonly EntityUptime[];
}

/** The uptime of all that the history tells of, within `range`. */
export function channelUptime(history: ChannelHistory, range: Span): ChannelUptime {
  const { verdicts, entities } = history;
  const excluded = excludedOf(history);
  const ofVerdict = (steps: readonly SeriesStep[]) =>
    uptimeOf({ range, statuses: statusesOf(steps, statusNamed), excluded });
  const blind = [...excluded, ...blindSpans(verdicts.messaging)];
  return {
    messaging: ofVerdict(verdicts.messaging),
    calling: verdicts.calling.length === 0 ? null : ofVerdict(verdicts.calling),
    entities: entities.map(({ entity, capability, word, steps }) => {
      const statuses =
        steps.length === 0
          ? [{ at: -Infinity, status: statusOfText(word) }]
          : statusesOf(steps, statusOfText);
      const uptime = uptimeOf({ range, statuses, excluded: blind });
      return { type: entity.type, id: entity.id, capability, uptime };
    }),
  };
}

/** The order in which steps of a series were written: that of attempts, never that of clocks. */
function inWrittenOrder(steps: readonly SeriesStep[]): readonly SeriesStep[] {
  return steps.toSorted((one, other) =>
    one.attempt === other.attempt ? (one.id < other.id ? -1 : 1) : one.attempt - other.attempt,
  );
}

function statusesOf(
  steps: readonly SeriesStep[],
  statusIn: (text: string | null) => Status | null,
): readonly StatusFrom[] {
  const written = inWrittenOrder(steps);
  const [first] = written;
  const before = first === undefined ? [] : [{ at: -Infinity, status: statusIn(first.was) }];
  return [...before, ...written.map(({ at, is }) => ({ at, status: statusIn(is) }))];
}

function statusNamed(text: string | null): Status | null {
  return STATUSES.find((status) => status === text) ?? null;
}

function statusOfText(word: string | null): Status | null {
  return word === null ? null : statusOfWord(word);
}

/** Before it was added, while it was not watched, after its removal, and planned work. */
function excludedOf({ createdAt, archivedAt, watch, planned }: ChannelHistory): readonly Span[] {
  const excluded: Span[] = [{ from: -Infinity, until: createdAt }, ...planned];
  if (archivedAt !== null) excluded.push({ from: archivedAt, until: Infinity });
  return [...excluded, ...spansWhere(watch, ({ is }) => is !== null && is !== 'watched')];
}

const BLIND: ReadonlySet<string> = new Set<UnknownReason>([
  'never_read',
  'outdated',
  'not_trusted',
]);

/** When there was no snapshot from which an entity's word could be taken. */
function blindSpans(messaging: readonly SeriesStep[]): readonly Span[] {
  if (messaging.length === 0) return [{ from: -Infinity, until: Infinity }];
  return spansWhere(messaging, ({ is, reason }) => {
    return is === 'UNKNOWN' && (reason === null || BLIND.has(reason));
  });
}

/** When a series said what `matches` asks for. What held before the first step has no known reason. */
function spansWhere(
  steps: readonly SeriesStep[],
  matches: (said: { readonly is: string | null; readonly reason: string | null }) => boolean,
): readonly Span[] {
  const written = inWrittenOrder(steps);
  const [first] = written;
  const before = first === undefined ? [] : [{ at: -Infinity, is: first.was, reason: null }];
  const told = written.map(({ at, is, detail }) => ({ at, is, reason: detail }));
  const line = lineOf([...before, ...told]);
  return line.flatMap((said, index) =>
    matches(said) ? [{ from: said.at, until: line[index + 1]?.at ?? Infinity }] : [],
  );
}
