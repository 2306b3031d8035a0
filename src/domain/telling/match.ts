/** Whether what a rule or a silence is about is what happened, and to which numbers it narrows that. */
import { EFFECTS } from '#domain/effect.ts';
import type { EffectLevel, EffectName } from '#domain/effect.ts';
import { explain } from '#domain/error-catalogue.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { Status } from '#domain/status.ts';
import type { Matchers } from './matchers.ts';

type Labels = Readonly<Record<string, string>>;

/** A channel that an incident affects, as far as telling asks. */
export interface AffectedChannel {
  readonly id: ChannelId;
  readonly name: string;
  readonly labels: Labels;
  /** In Meta's sandbox. */
  readonly isSandbox: boolean;
  /** The verdict that its first bad read replaced; null when there was none. */
  readonly replaced: Status | null;
}

/** An incident with what it affects. */
export interface TellingFacts {
  readonly incident: Incident;
  /** How many numbers it affects. */
  readonly numbers: number;
  /** The first 500 of them. */
  readonly channels: readonly AffectedChannel[];
}

/** What was matched: the labels to which the message is narrowed, null for all numbers. */
export interface Match {
  readonly labels: Labels | null;
}

/** A value that stands for any. */
const ANY_VALUE = '*';

/** Whether a channel with `labels` carries each of `wanted`; the value `*` stands for any. */
export function carries(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => {
    const own = Object.hasOwn(labels, key) ? labels[key] : undefined;
    return own !== undefined && (value === ANY_VALUE || own === value);
  });
}

/** Null when it does not match. Labels and names must all be those of one affected channel. */
export function matchOf(match: Matchers, facts: TellingFacts): Match | null {
  const { incident } = facts;
  const isIt =
    isAmong(match.severity, incident.severity) &&
    isAmong(match.status, incident.status) &&
    isAmong(match.capability, incident.capability) &&
    isAmong(match.cause, incident.cause.kind) &&
    isAmong(match.entityType, incident.cause.type) &&
    isSubject(match, incident) &&
    isAmong(match.actor, incident.actor) &&
    isAnyAmong(match.code, incident.codes) &&
    hasEffect(match, incident) &&
    hasChannels(match, facts);
  return isIt ? { labels: isEmpty(match.labels) ? null : (match.labels ?? null) } : null;
}

/** What the codes of an incident do to sending; where the catalogue knows none, what its status does. */
export function levelsOf(incident: Incident): Readonly<Partial<Record<EffectName, EffectLevel>>> {
  const { cause, capability, codes, status, upstream } = incident;
  if (cause.kind !== 'entity' && cause.kind !== 'fleet') return {};
  const level = LEVEL_OF_STATUS[status];
  if (capability === 'calling') return { calling: level };
  const levels: Partial<Record<EffectName, EffectLevel>> = {};
  for (const code of codes) {
    const { effects } = explain(
      {
        subject: { kind: 'entity', type: cause.type ?? '', id: cause.ref },
        kind: /^\d/.test(code) ? 'error' : 'info',
        code,
        capability: capability ?? 'messaging',
        text: null,
        solution: null,
      },
      { upstream: upstream ?? 'graph', billedBy: 'unknown' },
    );
    for (const name of EFFECTS) {
      const claimed = effects[name];
      if (claimed !== undefined) levels[name] ??= claimed.level;
    }
  }
  return levels.business_initiated === undefined
    ? { ...levels, business_initiated: level, replies: levels.replies ?? level }
    : levels;
}

const LEVEL_OF_STATUS: Readonly<Record<Status, EffectLevel>> = {
  AVAILABLE: 'yes',
  UNKNOWN: 'unknown',
  LIMITED: 'limited',
  BLOCKED: 'no',
};

function isAmong<T>(wanted: readonly T[] | undefined, is: T | null): boolean {
  return wanted === undefined || (is !== null && wanted.includes(is));
}

function isAnyAmong<T>(wanted: readonly T[] | undefined, are: readonly T[]): boolean {
  return wanted === undefined || are.some((one) => wanted.includes(one));
}

/** The reference of an unreadable cause names both a credential and what it cannot read. */
function isSubject({ subject }: Matchers, { cause }: Incident): boolean {
  return isAnyAmong(subject, cause.ref === null ? [] : [cause.ref, ...cause.ref.split('/')]);
}

function hasEffect({ effect }: Matchers, incident: Incident): boolean {
  if (effect === undefined) return true;
  const levels = levelsOf(incident);
  return effect.some(({ name, level }) => levels[name] === level);
}

function hasChannels(match: Matchers, { channels, numbers }: TellingFacts): boolean {
  const { labels, withoutLabels, channel, numbersMin } = match;
  const carrying = isEmpty(labels)
    ? channels
    : channels.filter((one) => carries(one.labels, labels ?? {}));
  const count = isEmpty(labels) ? numbers : carrying.length;
  if (numbersMin !== undefined && count < numbersMin) return false;
  if (isEmpty(labels) && isEmpty(withoutLabels) && channel === undefined) return true;
  return carrying.some(
    (one) => isAmong(channel, one.name) && carriesNone(one.labels, withoutLabels ?? {}),
  );
}

/** Whether a channel with `labels` carries none of `unwanted`. */
export function carriesNone(labels: Labels, unwanted: Labels): boolean {
  return !Object.entries(unwanted).some(([key, value]) => carries(labels, { [key]: value }));
}

function isEmpty(labels: Labels | undefined): boolean {
  return labels === undefined || Object.keys(labels).length === 0;
}
