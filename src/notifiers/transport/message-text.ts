/** A message as text, for all services alike: each puts it into its own markup and limits. */
import { inertText } from '#domain/inert-text.ts';
import type { Message } from '#domain/telling/message.ts';
import { fit, fitLines } from './fit.ts';
import type { Escape } from './fit.ts';

/** A line whose texts are inert and whose link can be followed. */
export interface ShownLine {
  readonly label: string | null;
  readonly text: string;
  readonly link: string | null;
}

/** Texts never have more; whoever breaks that is cut here. */
const LINES_MAX = 12;
const LINE_CHARACTERS_MAX = 1_000;
const TITLE_CHARACTERS_MAX = 250;
const LINK_CHARACTERS_MAX = 1_000;

/** The title, one inert line of at most `max` characters in its escaped form. */
export function titleOf(message: Message, max = TITLE_CHARACTERS_MAX, escape?: Escape): string {
  return fit(inertText(message.title), max, escape);
}

/** The lines, inert, each text at most `max` long. */
export function linesOf(message: Message, max = LINE_CHARACTERS_MAX): readonly ShownLine[] {
  return message.lines.slice(0, LINES_MAX).map(({ label, text, link }) => ({
    label: label === null ? null : fit(inertText(label), 80),
    text: fit(inertText(text), max),
    link: linkOf(link),
  }));
}

/** The page of the message; null when there is none that can be followed. */
export function pageOf({ link }: Message): string | null {
  return linkOf(link);
}

/** `Incident 142`, or what else the page is about. */
export function pageName({ incident }: Message): string {
  return incident === null ? 'Read on' : `Incident ${incident.number}`;
}

/** A line as plain text: `Do: add a card → https://…`. */
function plainLine({ label, text, link }: ShownLine): string {
  const said = label === null ? text : `${label}: ${text}`;
  return link === null ? said : `${said} → ${link}`;
}

/** The whole message as plain text of at most `max` characters: title, lines, page. */
export function plainText(message: Message, max: number): string {
  const lines = linesOf(message).map(plainLine);
  const page = pageOf(message);
  const last = page === null ? null : `${pageName(message)} → ${page}`;
  return fitLines([titleOf(message), ...lines], max, last);
}

/** The lines alone as plain text, the page not among them. */
export function plainLines(message: Message, max: number): string {
  const lines = linesOf(message).map(plainLine);
  return lines.length === 0 ? '' : fitLines(lines, max, null);
}

/** An address that may stand in any markup: http or https, percent-encoded, without brackets, bars or quotes. */
function linkOf(link: string | null): string | null {
  const url = link === null ? null : URL.parse(link);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  const text = url.href.replace(/[<>"'|()[\]`\\^*~]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return text.length <= LINK_CHARACTERS_MAX ? text : null;
}
