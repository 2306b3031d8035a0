/** What a template can say of a message: `{{title}}` and so on. */
import { inertText } from '#domain/inert-text.ts';
import type { Sending } from '#ports/notifier.ts';
import { pageOf, plainLines, plainText, titleOf } from '#notifiers/transport/message-text.ts';

/** Each with what it stands for, as help prints it. */
export const PLACEHOLDERS: Readonly<Record<string, string>> = {
  title: 'the title, one line',
  text: 'title, lines and link as plain text',
  lines: 'the lines alone as plain text',
  link: 'the page of the incident, or nothing',
  severity: 'critical, error, warning or info',
  phase: 'firing, ended or note',
  kind: 'incident.opened, incident.resolved, digest, …',
  status: 'BLOCKED, LIMITED, … or nothing',
  capability: 'messaging, calling or nothing',
  number: "the incident's number, or nothing",
  affected: 'how many numbers are affected now, or nothing',
  key: 'the key of the incident, the same in all messages about it',
  id: 'the id of this delivery, the same in every attempt',
  time: 'when it happened, as 2026-03-01T02:47:00.000Z',
};

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** The names in a text that stand for nothing. */
export function unknownPlaceholders(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)]
    .map(({ 1: name = '' }) => name)
    .filter((name) => !Object.hasOwn(PLACEHOLDERS, name));
}

/** What each placeholder stands for in this sending, `{{text}}` at most `textMax` long. */
export function valuesOf(sending: Sending, textMax: number): Readonly<Record<string, string>> {
  const { message, isPlain, id } = sending;
  const { severity, phase, kind, dedupKey: key, incident } = message;
  const text = isPlain ? titleOf(message) : plainText(message, textMax);
  const values = {
    title: titleOf(message),
    text,
    lines: isPlain ? '' : plainLines(message, textMax),
    link: pageOf(message) ?? '',
    severity,
    phase,
    kind,
    status: incident?.status ?? '',
    capability: incident?.capability ?? '',
    number: incident === null ? '' : String(incident.number),
    affected: incident === null ? '' : String(incident.numbers.affected),
    key,
    id,
    time: new Date(message.at).toISOString(),
  };
  const shown = Object.entries(values).map(([name, value]) => [name, withoutMentions(value)]);
  return Object.fromEntries(shown);
}

/** The JSON value with all placeholders in its texts filled in: as a value, so that no text can break out of it. */
export function filled(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(PLACEHOLDER, (_whole, name: string) => values[name] ?? '');
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, filled(part, values)]),
  );
}

/** Which service reads the template is not known, so what would call everybody in any of them is taken apart. */
function withoutMentions(text: string): string {
  return text
    .split('\n')
    .map(inertText)
    .join('\n')
    .replaceAll(/@(?=(?:everyone|channel|here|all|room)\b)/gi, '@ ')
    .replaceAll(/<(?=[!@#])/g, '< ');
}
