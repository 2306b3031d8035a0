/** `--match severity=critical,error --match label:tier=gold`: matchers as a person writes them. */
import type { Command } from 'commander';
import type { Request } from '#api/call.ts';
import { nearestWord } from '#config/nearest.ts';
import { ACTORS } from '#domain/actor.ts';
import { EFFECT_LEVELS, EFFECTS } from '#domain/effect.ts';
import { CAPABILITIES, ENTITY_TYPES } from '#domain/entity.ts';
import { CAUSE_KINDS } from '#domain/incidents/cause.ts';
import { SEVERITIES } from '#domain/incidents/incident.ts';
import { STATUSES } from '#domain/status.ts';
import type { Flags } from './connect.ts';
import { collected } from './flags.ts';
import { UsageError } from './usage-error.ts';

export type Match = NonNullable<Request<'addSilence'>['body']['match']>;

export function addMatchFlag(command: Command): void {
  command.option(
    '--match <what=value,…>',
    'What it is about; can be given again, and then all must match: severity, status, capability, ' +
      'effect:<name>, cause, entity-type, subject, code, actor, numbers-min, label:<name>, ' +
      'not-label:<name>, channel. Default: everything.',
    collected,
  );
}

type Fields = Record<string, unknown>;

/** How the text after the equals sign becomes what the API takes; by the name before it. */
const READERS: Readonly<Record<string, (fields: Fields, values: readonly string[]) => void>> = {
  severity: words('severity', SEVERITIES),
  status: words('status', STATUSES),
  capability: words('capability', CAPABILITIES),
  cause: words('cause', CAUSE_KINDS),
  actor: words('actor', ACTORS),
  'entity-type': (fields, values) => add(fields, 'entity_type', values.map(entityType)),
  subject: (fields, values) => add(fields, 'subject', values),
  code: (fields, values) => add(fields, 'code', values),
  channel: (fields, values) => add(fields, 'channel', values),
  'numbers-min': (fields, values) => {
    fields['numbers_min'] = countOf(values.join(','));
  },
};

/** The names that are followed by a colon and a name of their own. */
const NAMED = ['effect', 'label', 'not-label'] as const;

/** The matchers of `--match`; null when none is given. Throws UsageError with what would be right. */
export function matchFlags(flags: Flags): Match | null {
  const given = flags['match'];
  if (!Array.isArray(given)) return null;
  const fields: Fields = {};
  for (const text of given.map(String)) readMatch(fields, text);
  // What this misses the server refuses: it knows the form of ids, codes and labels.
  return fields;
}

function readMatch(fields: Fields, text: string): void {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const value = at < 0 ? '' : text.slice(at + 1);
  if (at < 1) throw new UsageError(`--match must be <what>=<value>, such as ${EXAMPLE}.`);
  const [stem = '', ...rest] = name.split(':');
  const of = rest.join(':');
  const isNamed = NAMED.find((one) => one === stem);
  if (isNamed !== undefined) return readNamed(fields, isNamed, { of, value });
  const reader = READERS[name];
  if (reader === undefined) throw unknownName(name);
  const values = value.split(',').map((one) => one.trim());
  if (values.some((one) => one === '')) throw new UsageError(`--match ${name}= needs a value.`);
  reader(fields, values);
}

const EXAMPLE = 'severity=critical,error or label:tier=gold';

function unknownName(name: string): UsageError {
  const all = [...Object.keys(READERS), ...NAMED];
  const meant = nearestWord(name.split(':', 1)[0] ?? '', all);
  const list = [...Object.keys(READERS), ...NAMED.map((one) => `${one}:<name>`)].join(', ');
  const question = meant === null ? '' : ` Did you mean ${meant}?`;
  return new UsageError(`--match knows no ${shown(name)}: it takes ${list}.${question}`);
}

function readNamed(
  fields: Fields,
  stem: (typeof NAMED)[number],
  { of, value }: { readonly of: string; readonly value: string },
): void {
  if (of === '') {
    const example = stem === 'effect' ? 'effect:replies=no' : `${stem}:tier=gold`;
    throw new UsageError(
      `--match ${stem} needs a name: ${stem}:<name>=<value>, such as ${example}.`,
    );
  }
  if (stem === 'effect') {
    const name = wordOf(of, { words: EFFECTS, what: 'effect' });
    const levels = value.split(',').map((one) => wordOf(one, { words: EFFECT_LEVELS, what: of }));
    return add(
      fields,
      'effect',
      levels.map((level) => ({ name, level })),
    );
  }
  const field = stem === 'label' ? 'labels' : 'without_labels';
  const before = fields[field];
  fields[field] = { ...(typeof before === 'object' ? before : {}), [of]: value };
}

function words(field: string, known: readonly string[]) {
  return (fields: Fields, values: readonly string[]) =>
    add(
      fields,
      field,
      values.map((value) => wordOf(value, { words: known, what: field })),
    );
}

function add(fields: Fields, field: string, values: readonly unknown[]): void {
  const before = fields[field];
  fields[field] = [...(Array.isArray(before) ? before : []), ...values];
}

/** The word of the list: hyphens stand for underscores, and its case does not matter. */
function wordOf(
  text: string,
  { words: known, what }: { readonly words: readonly string[]; readonly what: string },
): string {
  const plain = text.trim().replaceAll('-', '_').toLowerCase();
  const word = known.find((one) => one.toLowerCase() === plain);
  if (word !== undefined) return word;
  const meant = nearestWord(plain, known);
  const question = meant === null ? '' : ` Did you mean ${meant}?`;
  throw new UsageError(
    `--match ${what} knows no ${shown(text)}: it is one of ${known.join(', ')}.${question}`,
  );
}

/** Meta's types are an open list, so that only their form is looked at. */
function entityType(text: string): string {
  const type = text.toUpperCase().replaceAll('-', '_');
  if (/^[A-Z][A-Z_]*$/.test(type)) return type;
  throw new UsageError(`--match entity-type must be a type such as ${ENTITY_TYPES.join(', ')}.`);
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageError('--match numbers-min must be a whole number, such as 10.');
}

function shown(text: string): string {
  return /^[\w:.-]{1,40}$/.test(text) ? `"${text}"` : 'such word';
}
