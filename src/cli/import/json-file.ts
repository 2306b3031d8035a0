/** JSON: `{"credentials": […], "channels": […]}`, or the list of channels alone. */
import { UsageError } from '#cli/usage-error.ts';
import type { RawFile, RawRow } from './raw-row.ts';
import { CHANNEL_FIELDS, CREDENTIAL_FIELDS, ROWS_MAX } from './raw-row.ts';

const FORM = 'must be {"credentials": […], "channels": […]}, or the list of channels alone';

/** Throws UsageError when the text is no JSON of this form. */
export function jsonFile(text: string): RawFile {
  const value = valueOf(text);
  const {
    credentials = [],
    channels = [],
    ...others
  } = Array.isArray(value) ? { channels: value } : objectOf(value);
  if (Object.keys(others).length > 0 || !Array.isArray(credentials) || !Array.isArray(channels)) {
    throw new UsageError(`The file ${FORM}.`);
  }
  if (channels.length > ROWS_MAX || credentials.length > ROWS_MAX) {
    throw new UsageError(`The file has more than ${ROWS_MAX} entries; divide it.`);
  }
  return {
    credentials: credentials.map((one, at) =>
      rowOf(one, { at: `credentials[${at}]`, known: CREDENTIAL_FIELDS }),
    ),
    channels: channels.map((one, at) =>
      rowOf(one, { at: `channels[${at}]`, known: [...CHANNEL_FIELDS, 'labels'] }),
    ),
  };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not the parser's sentence, which quotes the text, and the text may hold secrets.
    throw new UsageError(`The file is no JSON: it ${FORM}.`);
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`The file ${FORM}.`);
  }
  return { ...value };
}

function rowOf(
  given: unknown,
  { at, known }: { readonly at: string; readonly known: readonly string[] },
): RawRow {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { at, fields: {}, labels: undefined, wrong: ['It must be an object.'] };
  }
  const entries: readonly (readonly [string, unknown])[] = Object.entries(given);
  const wrong = entries
    .filter(([field]) => !known.includes(field))
    .map(([field]) => `${field.slice(0, 60)} is not known here; known are ${known.join(', ')}.`);
  const labels = labelsOf(Reflect.get(given, 'labels'), wrong);
  const fields = entries
    .filter(([field]) => field !== 'labels' && known.includes(field))
    .map(([field, value]) => [field, textOf(field, value, wrong)] as const);
  return { at, fields: Object.fromEntries(fields), labels, wrong };
}

/** Null says that there is none, as an empty cell does. */
function textOf(field: string, value: unknown, wrong: string[]): string | undefined {
  if (value === null) return '';
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'boolean') return String(value);
  wrong.push(`${field} must be a text${field === 'paused' ? ', true or false' : ''}.`);
  return undefined;
}

function labelsOf(given: unknown, wrong: string[]): Readonly<Record<string, string>> | undefined {
  if (given === undefined) return undefined;
  const entries =
    typeof given === 'object' && given !== null && !Array.isArray(given)
      ? Object.entries(given)
      : null;
  if (entries !== null && entries.every(([, value]) => typeof value === 'string')) {
    return Object.fromEntries(entries.map(([label, value]) => [label, String(value)]));
  }
  wrong.push('labels must be an object of texts, such as {"team": "support"}.');
  return undefined;
}
