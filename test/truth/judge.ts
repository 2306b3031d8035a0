/** Holds what was told against what really happened. */
import assert from 'node:assert/strict';
import type { Incident } from '#domain/incidents/incident.ts';
import type { Happening } from './script.ts';
import { msOf } from './script.ts';
import type { BadSpan } from './truth.ts';
import type { Played, Told } from './world.ts';

const MINUTE = 60_000;
/** What lasts so long must be found; what is shorter may be. BLOCKED, LIMITED, and whom we ask. */
const FOUND_AFTER_MS = { BLOCKED: 8 * MINUTE, LIMITED: 15 * MINUTE, blind: 10 * MINUTE } as const;
/** How much earlier or later than the truth a read may show it: an interval, and a back-off after failures. */
const SEEN_WITHIN_MS = 8 * MINUTE;

export interface Judgement {
  /** From the beginning of each thing that had to be found to its incident, in ms, ascending. */
  readonly delays: readonly number[];
  readonly incidents: number;
  readonly messages: number;
}

/** Throws an AssertionError that names what was missed, invented, told twice or ended too soon. */
export function judge(played: Played): Judgement {
  const delays = [...entitiesFound(played), ...blindnessFound(played)];
  for (const incident of played.incidents) isTrue(played, incident);
  for (const incident of played.incidents) isToldOnce(played, incident);
  return {
    delays: delays.toSorted((one, other) => one - other),
    incidents: played.incidents.length,
    messages: played.told.length,
  };
}

/** `p50 96 s, p90 150 s, max 220 s` */
export function delaysText(delays: readonly number[]): string {
  const at = (part: number) =>
    Math.round(
      (delays[Math.min(delays.length - 1, Math.floor(delays.length * part))] ?? 0) / 1_000,
    );
  return `p50 ${at(0.5)} s, p90 ${at(0.9)} s, max ${at(1)} s of ${delays.length}`;
}

/** Each span that lasted long enough, and that somebody could see, has an incident. Gives the delays. */
function entitiesFound(played: Played): readonly number[] {
  return played.truth.spans.flatMap((span) => {
    const seenFrom = whenSeen(played, span);
    if (span.until - seenFrom < FOUND_AFTER_MS[span.word]) return [];
    const found = played.incidents.find(
      (incident) => isAbout(incident, span) && overlaps(played, incident, span),
    );
    assert.ok(found, `never found: ${spanText(span)}`);
    return span.word === 'BLOCKED' && isFirst(played, span)
      ? [found.openedAt - played.start - seenFrom]
      : [];
  });
}

/** What follows another trouble of the same entity at once raises that incident instead of opening one. */
function isFirst({ truth }: Played, span: BadSpan): boolean {
  return !truth.spans.some(
    (other) =>
      other !== span &&
      other.id === span.id &&
      other.from < span.from &&
      span.from - other.until < 20 * MINUTE,
  );
}

/** A span that begins while its numbers cannot be read is seen only after that. */
function whenSeen({ truth }: Played, span: BadSpan): number {
  const hidden = truth.script.happenings.flatMap((one) =>
    one.what === 'outage' || one.what === 'throttled' || one.what === 'expired'
      ? [{ from: msOf(one.from), until: msOf(one.until) + SEEN_WITHIN_MS }]
      : [],
  );
  return hidden.reduce(
    (seen, { from, until }) => (seen >= from && seen < until ? until : seen),
    span.from,
  );
}

function blindnessFound(played: Played): readonly number[] {
  return played.truth.script.happenings.flatMap((one) => {
    if (one.what !== 'outage' && one.what !== 'expired') return [];
    const [from, until] = [msOf(one.from), msOf(one.until)];
    if (until - from < FOUND_AFTER_MS.blind) return [];
    const kind = one.what === 'outage' ? 'upstream' : 'credential';
    const found = played.incidents.find(
      ({ cause, openedAt }) =>
        cause.kind === kind && openedAt - played.start >= from && openedAt - played.start < until,
    );
    assert.ok(found, `never found: ${happeningText(one)}`);
    return [found.openedAt - played.start - from];
  });
}

/** What has to be going on while an incident of a kind is opened. */
const REASONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['upstream', ['outage']],
  ['credential', ['expired']],
]);

/** Nothing is invented, and nothing ended while it was still so. */
function isTrue(played: Played, incident: Incident): void {
  const { cause } = incident;
  const text = incidentText(played, incident);
  if (cause.kind === 'entity') {
    const spans = played.truth.spans.filter(
      (span) => isAbout(incident, span) && overlaps(played, incident, span),
    );
    assert.ok(spans.length > 0, `invented: ${text}`);
    if (incident.resolution !== 'recovered' || incident.endedAt === null) return;
    const ended = incident.endedAt - played.start;
    const running = spans.find(({ from, until }) => from <= ended && ended < until);
    assert.equal(running, undefined, `ended while it was still so: ${text}`);
    return;
  }
  if (cause.kind === 'fleet') return isStorm(played, incident);
  const kinds = REASONS.get(cause.kind) ?? [];
  const isSo = played.truth.script.happenings.some((one) => {
    if (!kinds.includes(one.what) || !('from' in one) || !('until' in one)) return false;
    const opened = incident.openedAt - played.start;
    return opened >= msOf(one.from) && opened < msOf(one.until) + MINUTE;
  });
  assert.ok(isSo, `invented: ${text}`);
}

function isStorm({ truth, start }: Played, { openedAt }: Incident): void {
  const opened = openedAt - start;
  const ids = truth.spans
    .filter(({ from }) => from <= opened && from > opened - 20 * MINUTE)
    .map(({ id }) => id);
  assert.ok(new Set(ids).size >= 10, 'a storm is told of that was none');
}

/** Each incident is told once, alone or by its fleet's, and its end once and after it. */
function isToldOnce(played: Played, incident: Incident): void {
  const text = incidentText(played, incident);
  const own = played.told.filter(({ message }) => message.incident?.id === incident.id);
  const begun = own.filter(({ message }) => BEGINNINGS.has(message.kind));
  const ended = own.filter(({ message }) => ENDS.has(message.kind));
  assert.equal(new Set(begun.map(kindOf)).size, begun.length, `told twice: ${text}`);
  assert.ok(begun.length <= 1 || incident.isFlapping, `told twice: ${text}`);
  assert.ok(ended.length <= 1, `its end was told twice: ${text}`);
  const isSummed = played.told.some(({ message }) => message.kind === 'summary');
  const isMuted =
    incident.isBaseline || incident.status === 'LIMITED' || isInStorm(played, incident);
  if (begun.length + ended.length === 0) assert.ok(isMuted || isSummed, `never told: ${text}`);
  if (incident.resolvedAt === null) assert.equal(ended.length, 0, `an end that was none: ${text}`);
}

const BEGINNINGS: ReadonlySet<string> = new Set(['incident.opened', 'incident.flapping']);
const ENDS: ReadonlySet<string> = new Set([
  'incident.resolved',
  'incident.ended',
  'incident.passed',
]);

function kindOf({ message, at }: Told): string {
  return message.kind === 'incident.flapping' ? `${message.kind} ${at}` : message.kind;
}

function isInStorm({ incidents, told }: Played, { openedAt, upstream }: Incident): boolean {
  return incidents.some(
    (fleet) =>
      fleet.cause.kind === 'fleet' &&
      fleet.upstream === upstream &&
      openedAt >= fleet.openedAt &&
      openedAt <= (fleet.resolvedAt ?? Infinity) &&
      told.some(({ message }) => message.incident?.id === fleet.id),
  );
}

function isAbout({ cause }: Incident, { type, id }: BadSpan): boolean {
  return cause.kind === 'entity' && cause.type === type && cause.ref === id;
}

function overlaps({ start }: Played, incident: Incident, { from, until }: BadSpan): boolean {
  const began = incident.beganAt - start;
  const ended = (incident.endedAt ?? Infinity) - start;
  return began >= from && began < until ? true : began < from && ended > from;
}

function spanText({ type, id, word, code, from, until }: BadSpan): string {
  return `${type} ${id} ${word} ${code} from ${timeText(from)} until ${timeText(until)}`;
}

function incidentText({ start }: Played, incident: Incident): string {
  const { number, cause, status, beganAt, openedAt, endedAt } = incident;
  const times = [beganAt, openedAt, endedAt ?? start].map((at) => timeText(at - start));
  return `incident ${number}, ${cause.kind} ${cause.type} ${cause.ref} ${status}, ${times.join(', ')}`;
}

function happeningText(one: Happening): string {
  return JSON.stringify(one);
}

/** As scripts write it. */
function timeText(ms: number): string {
  const minutes = Math.floor(ms / MINUTE);
  const day = Math.floor(minutes / 1_440) + 1;
  return `${day}d ${pad(Math.floor(minutes / 60) % 24)}:${pad(minutes % 60)}`;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
