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
  stillOpenLine,
  sureLine,
  unseenLine,
} from './incident-lines.ts';
import { messageIncident } from './message-incident.ts';
import type { IncidentView, Occasion } from './incident-view.ts';
import { leftText, LOSSES } from './loss.ts';
import { countText, nameText, sentenceText } from './names.ts';
import type { Trouble, Troubles } from './trouble.ts';
import { WARNED } from './warning.ts';
import { zonedMoment } from './zoned-moment.ts';

/** Longer titles are cut: nobody reads on. */
const TITLE_MAX = 240;

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
    lines: (isOver ? endedLines : openLines)(kind, view, occasion).map((one) => {
      return { ...one, text: readableMoments(one.text, occasion) };
    }),
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

/** Sentences of ours carry moments as programs write them: `It ends 2026-12-01T00:00:00Z`. */
function readableMoments(text: string, occasion: Occasion): string {
  return text.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (moment) => {
    const ms = Date.parse(moment);
    return Number.isNaN(ms) ? moment : zonedMoment(ms, occasion);
  });
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

/** What was so when we began to watch began before: our first look only bounds it. */
function sinceText({ trouble, view: { incident }, occasion }: Telling): string {
  const { head, hasBegun } = trouble;
  if (!hasBegun) return head;
  const before = incident.isBaseline ? 'before ' : '';
  return `${head} since ${before}${zonedMoment(incident.beganAt, occasion)}`;
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
  return `NOW ${trouble.head}, was LIMITED since ${began}${tailText(telling)}`;
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
  if (view.incident.cause.kind === 'fleet') return `TOLD SINGLY from ${at}: ${trouble.over.text}`;
  const left = onlyReason(view) ?? leftText(view.left);
  return `NO LONGER WATCHED${left === '' ? '' : ` (${left})`} since ${at}: ${tail}`;
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
  const { beganAt, isBaseline } = view.incident;
  const least = isBaseline ? 'at least ' : '';
  return ` Lasted ${least}${ageText(endOf(view, occasion) - beganAt)}.`;
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
    unseenLine(view, occasion),
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
    kind === 'incident.ended' ? line('Note', endingText(view, trouble)) : null,
    kind === 'incident.resolved' ? line('Was', `${sinceText({ view, occasion, trouble })}.`) : null,
    trouble.lines.find((one) => one?.label === 'Why') ?? null,
    kind === 'incident.resolved' ? null : namedLine(view),
    taken === null ? null : line('Taken by', `${nameText(taken.by)}${note}.`),
    stillOpenLine(view),
    onlyLine(view),
    placeLine(view),
  ]);
}

/** An end that is no recovery is never told as one. */
function endingText({ incident, left }: IncidentView, trouble: Trouble): string {
  if (incident.cause.kind === 'fleet') return 'what of it is still open is told one by one.';
  const not = `nothing says that it ${NOT_SAID[trouble.over.word]}`;
  if (incident.resolution === 'manual') {
    return `${not}. It stays closed until a good read was seen; what comes after that is told anew.`;
  }
  return left?.moved === undefined ? `${not}; nobody looks any more.` : `${not}.`;
}

const NOT_SAID: Readonly<Record<Trouble['over']['word'], string>> = {
  RECOVERED: 'can send again',
  'SEEN AGAIN': 'can be seen again',
  OVER: 'is over',
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
