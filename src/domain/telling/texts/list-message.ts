/** Messages about several incidents: what was so before we watched, too many at once, the end of a silence. */
import type { Incident, Severity } from '#domain/incidents/incident.ts';
import { SEVERITIES } from '#domain/incidents/incident.ts';
import type { Message, MessageLine } from '#domain/telling/message.ts';
import { fewLines, line } from './incident-lines.ts';
import type { IncidentMessageKind } from './incident-message.ts';
import { incidentTitle, shortTitle } from './incident-message.ts';
import type { IncidentView, Occasion } from './incident-view.ts';
import { countText, nameText, numbersText, sentenceText } from './names.ts';

/** Incidents that a list names one by one. */
export const LISTED_MAX = 8;

export interface ListView {
  /** The first of them, at most `LISTED_MAX`. */
  readonly incidents: readonly IncidentView[];
  /** How many there are, and how many numbers they affect; null where these are too many to count. */
  readonly total: number;
  readonly numbers: number | null;
  /** The command that lists all of them. */
  readonly command: string;
}

/** A list under its title, its entries by incident. `key` is what makes it one message and no other. */
interface ListMessage {
  readonly kind: 'baseline' | 'summary' | 'silence.ended';
  readonly key: string;
  readonly title: string;
  readonly note: MessageLine;
}

/** What was bad already when we began to watch: one message for an import. */
export function baselineMessage(list: ListView, occasion: Occasion, key: string): Message {
  const hit = list.numbers === null ? 'many numbers' : numbersText(list.numbers);
  return listMessage(list, occasion, {
    kind: 'baseline',
    key,
    title: `SINCE BEFORE WE WATCHED: ${hit} limited or blocked, ${countText(list.total, 'cause')}`,
    note: line(
      'What',
      'No alarm: nothing was lost while we watched. Somebody may know of it already.',
    ),
  });
}

/** What would have been more messages than anybody reads. */
export function summaryMessage(list: ListView, occasion: Occasion, key: string): Message {
  const open = list.incidents.filter(({ incident }) => incident.resolvedAt === null).length;
  const isAll = list.total === list.incidents.length;
  const state = isAll ? `, ${open === 0 ? 'all over' : `${open} still open`}` : '';
  return listMessage(list, occasion, {
    kind: 'summary',
    key,
    title: `${countText(list.total, 'incident')} in one message${state}`,
    note: line(
      'Why',
      'more than 10 messages in 10 min would have come; this one stands for the rest.',
    ),
  });
}

/** What is still open when a silence ends. */
export function silenceEndedMessage(
  list: ListView,
  occasion: Occasion,
  silence: { readonly id: string; readonly author: string; readonly reason: string },
): Message {
  const { id, author, reason } = silence;
  return listMessage(list, occasion, {
    kind: 'silence.ended',
    key: id,
    title: `SILENCE ENDED: ${countText(list.total, 'incident')} still open`,
    note: line('Silence', `by ${nameText(author)}: ${sentenceText(reason)}.`),
  });
}

/** How an incident reads as it is now. */
export function readingNow({ resolvedAt, resolution }: Incident): IncidentMessageKind {
  if (resolvedAt === null) return 'incident.opened';
  return resolution === 'recovered' ? 'incident.resolved' : 'incident.ended';
}

/** A line of a list: the number, and the title that the incident would have alone, in UTC. */
function listedLine(view: IncidentView, occasion: Occasion): MessageLine {
  const title = incidentTitle(readingNow(view.incident), view, { ...occasion, zone: null });
  return { label: String(view.incident.number), text: title, link: view.place.url };
}

function listMessage(list: ListView, occasion: Occasion, about: ListMessage): Message {
  const { kind, key, title, note } = about;
  const shown = list.incidents.slice(0, LISTED_MAX);
  const more = list.total - shown.length;
  const rest = more <= 0 ? null : line(null, `and ${countText(more, 'more incident')}.`);
  const listed = shown.map((view) => listedLine(view, occasion));
  return {
    kind,
    severity: worst(shown.map(({ incident }) => incident)),
    phase: 'note',
    title: shortTitle(title),
    lines: fewLines([note, ...listed, rest, line('All', list.command)]),
    link: null,
    dedupKey: `waba-health:${occasion.instance}:${key}`,
    at: occasion.at,
    incident: null,
    labels: {},
  };
}

function worst(incidents: readonly Incident[]): Severity {
  const places = incidents.map(({ severity }) => SEVERITIES.indexOf(severity));
  return SEVERITIES[Math.min(...places, SEVERITIES.length - 1)] ?? 'info';
}
