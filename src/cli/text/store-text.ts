/** A store and its copies, for people. */
import type { Answer } from '#api/call.ts';
import { factsText } from './facts.ts';
import { numberText } from '#domain/number-text.ts';
import { inert } from './inert.ts';

export type StoreView = Answer<'getStore'>['body'];
type Rows = StoreView['rows'];

export function storeText(store: StoreView): string {
  const { engine, schema_version: schema, location, bytes, rows } = store;
  return factsText({
    Engine: engine,
    Location: location,
    Schema: String(schema),
    'On disk': bytes === null ? null : bytesText(bytes),
    Rows: rowsText(rows),
  });
}

export function backupText({ path, bytes, rows }: Answer<'makeBackup'>['body']): string {
  return [
    `A backup is in ${inert(path)} (${bytesText(bytes)}), checked after it was written:`,
    `${rowsText(rows)}.`,
    'Keep seal.key beside it, in another place: without it the secrets in it cannot be opened.',
  ].join('\n');
}

function rowsText(rows: Rows): string {
  const { channels, credentials, apps, api_keys: keys, transitions, bodies } = rows;
  return [
    [channels, 'channels'],
    [credentials, 'credentials'],
    [apps, 'apps'],
    [keys, 'API keys'],
    [transitions, 'transitions'],
    [bodies, 'bodies'],
  ]
    .map(([count, noun]) => `${numberText(Number(count))} ${noun}`)
    .join(', ');
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}
