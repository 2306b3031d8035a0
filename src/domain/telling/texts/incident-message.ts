/**
 * The message about one incident, as it reads at the moment when it is sent: what, since when, who, what to do,
 * how sure, how much is fine, what next. At most 12 lines, and a title that a lock screen can show.
 */
import { ageText } from '#domain/moment-text.ts';
import { shortInertText } from '#domain/inert-text.ts';
import type { Message, MessageKind, MessageLine } from '#domain/telling/message.ts';
import { BLINDNESS } from './blind.ts';
import {
  earlierLine,
  elsewhereLine,
  fewLines,
  line,
  namedLine,
  nextLine,
  onlyLine,
  placeLine,
  sureLine,
} from './incident-lines.ts';
import { messageIncident } from './message-incident.ts';
import type { IncidentView, Occasion } from './incident-view.ts';
import { leftText, LOSSES } from './loss.ts';
import { countText, nameText, sentenceText } from './names.ts';
import type { Trouble, Troubles } from './trouble.ts';
import { WARNED } from './warning.ts';
import { zonedMoment } from './zoned-moment.ts';

/** Longer titles are cut: nobody reads on. */
export const TITLE_MAX = 240;

/** The kinds of message that are about one incident. */
export type IncidentMessageKind = Extract<MessageKind, `incident.${string}` | 'silence.ended'>;

const TROUBLES: Troubles = { ...LOSSES, ...BLINDNESS, ...WARNED };

/** The message of this kind. */
export function incidentMessage(
  kind: IncidentMessageKind,
  view: IncidentView,
  occasion: Occasion,
): Message {
  const { incident } = view;
  const isOver = ENDED.has(kind);
  return {
    kind,
    severity: incident.severity,
    phase: isOver ? 'ended' : 'firing',
    title: incidentTitle(kind, view, occasion),
    lines: isOver ? endedLines(kind, view, occasion) : openLines(kind, view, occasion),
    link: view.place.url,
    dedupKey: `waba-health:${occasion.instance}:${incident.id}`,
    at: occasion.at,
    incident: messageIncident(view),
    labels: stableLabels(view),
  };
}

const ENDED: ReadonlySet<MessageKind> = new Set([
  'incident.resolved',
  'incident.passed',
  'incident.ended',
]);

/** One line that says it all: also how lists name an incident. */
export function incidentTitle(
  kind: IncidentMessageKind,
  view: IncidentView,
  occasion: Occasion,
): string {
  const trouble = TROUBLES[view.incident.cause.kind](view);
  return shortTitle(TITLES[kind]({ view, occasion, trouble }));
}

/** Bounded; what it is made of is inert already. */
export function shortTitle(title: string): string {
  return shortInertText(title, TITLE_MAX);
}

interface Telling {
  readonly view: IncidentView;
  readonly occasion: Occasion;
  readonly trouble: Trouble;
}

const TITLES: Readonly<Record<IncidentMessageKind, (telling: Telling) => string>> = {
  'incident.opened': (telling) => `${sinceText(telling)}${tailText(telling)}`,
  'incident.worse': worseTitle,
  'incident.reminder': (telling) =>
    `STILL ${sinceText(telling)}${lastingText(telling)}${tailText(telling)}`,
  'incident.flapping': flappingTitle,
  'silence.ended': (telling) =>
    `SILENCE ENDED, STILL ${sinceText(telling)}${lastingText(telling)}${tailText(telling)}`,
  'incident.resolved': resolvedTitle,
  'incident.passed': passedTitle,
  'incident.ended': endedTitle,
};

function sinceText({ trouble, view, occasion }: Telling): string {
  const { head, hasBegun } = trouble;
  return hasBegun ? `${head} since ${zonedMoment(view.incident.beganAt, occasion)}` : head;
}

function lastingText({ trouble, view, occasion }: Telling): string {
  return trouble.hasBegun ? `, for ${ageText(occasion.now - view.incident.beganAt)}` : '';
}

function tailText({ trouble }: Telling): string {
  return trouble.tail === null ? '' : `: ${trouble.tail}`;
}

function worseTitle(telling: Telling): string {
  const { view, occasion, trouble } = telling;
  if (view.incident.cause.kind !== 'entity')
    return `WORSE: ${sinceText(telling)}${tailText(telling)}`;
  const began = zonedMoment(view.incident.beganAt, occasion);
  return `NOW ${trouble.head} (LIMITED since ${began})${tailText(telling)}`;
}

function flappingTitle(telling: Telling): string {
  const { view, occasion, trouble } = telling;
  const began = zonedMoment(view.incident.beganAt, occasion);
  const often = view.opens < 2 ? '' : ` ${countText(view.opens, 'time')} within an hour`;
  return `FLAPPING since ${began}: ${trouble.head} and good again${often}${tailText(telling)}`;
}

function resolvedTitle({ trouble, view, occasion }: Telling): string {
  const { word, text } = trouble.over;
  return `${word} ${zonedMoment(endOf(view, occasion), occasion)}: ${text}.${lastedText(view, occasion)}`;
}

function passedTitle(telling: Telling): string {
  const { view, occasion } = telling;
  const over = `over since ${zonedMoment(endOf(view, occasion), occasion)}`;
  return `${sinceText(telling)}, ${over}${tailText(telling)}.${lastedText(view, occasion)}`;
}

function endedTitle(telling: Telling): string {
  const { trouble, view, occasion } = telling;
  const at = zonedMoment(endOf(view, occasion), occasion);
  const tail = trouble.tail ?? trouble.head;
  if (view.incident.resolution === 'manual') {
    const by = view.closedBy === null ? '' : ` by ${nameText(view.closedBy)}`;
    return `CLOSED BY HAND ${at}${by}: ${tail}, ${sinceText(telling)}`;
  }
  const left = onlyReason(view) ?? leftText(view.left);
  return `NO LONGER WATCHED ${at}: ${tail}${left === '' ? '' : ` (${left})`}`;
}

/** `number retired`: where there was one, it needs no count. */
function onlyReason({ left, numbers }: IncidentView): string | null {
  if (left === null || numbers.ever !== 1) return null;
  const said = leftText(left);
  return said === '' ? null : said.replace(/^1 /, 'number ');
}

function endOf({ incident }: IncidentView, { now }: Occasion): number {
  return incident.endedAt ?? incident.resolvedAt ?? now;
}

function lastedText(view: IncidentView, occasion: Occasion): string {
  return ` Lasted ${ageText(endOf(view, occasion) - view.incident.beganAt)}.`;
}

function openLines(
  kind: IncidentMessageKind,
  view: IncidentView,
  occasion: Occasion,
): readonly MessageLine[] {
  const trouble = TROUBLES[view.incident.cause.kind](view);
  const isFlapping = kind === 'incident.flapping';
  return fewLines([
    ...trouble.lines,
    namedLine(view),
    sureLine(view, occasion),
    earlierLine(view),
    elsewhereLine(view),
    onlyLine(view),
    isFlapping
      ? line('Next', 'told once: you hear again when it was quiet for an hour.')
      : nextLine(view, occasion),
    placeLine(view),
  ]);
}

function endedLines(
  kind: IncidentMessageKind,
  view: IncidentView,
  occasion: Occasion,
): readonly MessageLine[] {
  const { acknowledgement: taken } = view.incident;
  const trouble = TROUBLES[view.incident.cause.kind](view);
  const note = taken?.note ? `: ${sentenceText(taken.note)}` : '';
  return fewLines([
    kind === 'incident.passed' ? line('Note', 'it was over before it could be told.') : null,
    kind === 'incident.ended' ? line('Note', ENDINGS[view.incident.resolution ?? 'gone']) : null,
    kind === 'incident.resolved' ? line('Was', `${sinceText({ view, occasion, trouble })}.`) : null,
    trouble.lines.find((one) => one?.label === 'Why') ?? null,
    namedLine(view),
    taken === null ? null : line('Taken by', `${nameText(taken.by)}${note}.`),
    elsewhereLine(view),
    onlyLine(view),
    placeLine(view),
  ]);
}

const ENDINGS: Readonly<Record<NonNullable<IncidentView['incident']['resolution']>, string>> = {
  gone: 'nothing says that it can send again; nobody looks any more.',
  manual:
    'nothing says that it can send again. It stays closed until a good read was seen; what comes after that is told anew.',
  recovered: 'its own good reads say so.',
};

/** What does not change while it lives. */
function stableLabels({ incident, labels }: IncidentView): Readonly<Record<string, string>> {
  const { cause, capability, upstream } = incident;
  const own = {
    incident: String(incident.number),
    cause: cause.kind,
    entity_type: cause.type,
    entity_id: cause.ref,
    capability,
    upstream,
  };
  const said = [...Object.entries(labels ?? {}), ...Object.entries(own)];
  return Object.fromEntries(
    said.flatMap(([key, value]) => (value === null ? [] : [[key, sentenceText(value)]])),
  );
}
