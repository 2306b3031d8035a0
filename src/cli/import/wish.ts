/** What a row of a file wishes, judged: everything wrong with it is said at once. */
import type { Request } from '#api/call.ts';
import { OPERATIONS } from '#api/operations.ts';
import { parse } from '#api/parse.ts';
import { durationMsOf } from '#config/duration.ts';
import { NAME_PATTERN } from '#domain/id.ts';
import type { RawRow } from './raw-row.ts';

export type ChannelBody = Request<'putChannel'>['body'];
export type CredentialBody = Request<'putCredential'>['body'];

/** A wish for one channel; what is undefined stays as it is. */
export interface ChannelWished {
  readonly at: string;
  readonly name: string;
  readonly upstream: ChannelBody['upstream'];
  readonly credential: ChannelBody['credential'];
  readonly node_id: string | null;
  readonly external_id: string | null | undefined;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly check_interval_seconds: number | null | undefined;
  readonly paused: boolean | undefined;
  readonly adopt_key: boolean | undefined;
}

export interface CredentialWished {
  readonly at: string;
  readonly name: string;
  readonly body: CredentialBody & { readonly secret: string | undefined };
}

/** Of a refused row the name is kept where there is one: it counts as named by the file. */
export interface Refused {
  readonly at: string;
  readonly what: 'channel' | 'credential';
  readonly name: string | null;
  readonly why: string;
}

export type Judged<T> = { readonly wish: T } | { readonly refused: Refused };

export function channelWished(row: RawRow): Judged<ChannelWished> {
  const { fields, wrong: formWrong } = row;
  const wrong = [...formWrong];
  const name = nameOf(row, wrong);
  const interval = intervalOf(fields['interval'], wrong);
  const paused = flagOf('paused', fields['paused'], wrong);
  const adopt_key = flagOf('adopt_key', fields['adopt_key'], wrong);
  const body = {
    upstream: fields['upstream'] || undefined,
    credential: credentialOf(fields),
    node_id: fields['node_id'] || null,
    external_id: textOrNull(fields['external_id']),
    labels: row.labels,
    check_interval_seconds: interval,
    paused,
    adopt_key,
  };
  const parsed = parse(OPERATIONS.putChannel.body, defined(body), 'body');
  if (!parsed.ok) wrong.push(...parsed.items.map(({ at, message }) => `${at} ${message}.`));
  if (parsed.ok) wrong.push(...wrongNode(parsed.value));
  if (wrong.length > 0 || !parsed.ok || name === null) {
    return { refused: refusedRow(row, 'channel', { name, wrong }) };
  }
  const { upstream, credential, node_id } = parsed.value;
  const told = { external_id: body.external_id, labels: row.labels, paused, adopt_key };
  const source = { upstream, credential, node_id };
  return { wish: { at: row.at, name, ...source, ...told, check_interval_seconds: interval } };
}

export function credentialWished(row: RawRow): Judged<CredentialWished> {
  const { fields } = row;
  const wrong = [...row.wrong];
  const name = nameOf(row, wrong);
  const body = {
    upstream: fields['upstream'] || undefined,
    secret: fields['secret'] || undefined,
    app: fields['app'] || undefined,
    billed_by: fields['billed_by'] || undefined,
  };
  const parsed = parse(OPERATIONS.putCredential.body, defined(body), 'body');
  if (!parsed.ok) wrong.push(...parsed.items.map(({ at, message }) => `${at} ${message}.`));
  if (wrong.length > 0 || !parsed.ok || name === null) {
    return { refused: refusedRow(row, 'credential', { name, wrong }) };
  }
  return { wish: { at: row.at, name, body: { ...parsed.value, secret: parsed.value.secret } } };
}

function refusedRow(
  { at }: RawRow,
  what: Refused['what'],
  { name, wrong }: { readonly name: string | null; readonly wrong: readonly string[] },
): Refused {
  return { at, what, name, why: wrong.join(' ') };
}

function nameOf({ fields }: RawRow, wrong: string[]): string | null {
  const name = fields['name'] ?? '';
  if (NAME_PATTERN.test(name)) return name;
  const rule = '1 to 63 lower-case letters, digits or hyphens, beginning with a letter or digit';
  wrong.push(name === '' ? `name is missing; it must be ${rule}.` : `name must be ${rule}.`);
  return null;
}

/** With a name beside its secret, the secret becomes a credential of that name: `credentialRowOf`. */
function credentialOf(fields: RawRow['fields']): unknown {
  if (fields['credential']) return { ref: fields['credential'] };
  if (!fields['secret']) return undefined;
  const { secret, app, billed_by } = fields;
  return defined({ secret, app: app || undefined, billed_by: billed_by || undefined });
}

/** The credential that a channel's row brings along under a name of its own; null when it brings none. */
export function credentialRowOf(row: RawRow): RawRow | null {
  const { credential, secret, upstream, app, billed_by } = row.fields;
  if (!credential || !secret) return null;
  const fields = { name: credential, upstream, secret, app, billed_by };
  return { at: row.at, fields, labels: undefined, wrong: [] };
}

function intervalOf(text: string | undefined, wrong: string[]): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === '') return null;
  const ms = durationMsOf(text);
  if (ms !== null && ms % 1_000 === 0) return ms / 1_000;
  wrong.push('interval must be a duration such as 30s or 5m.');
  return undefined;
}

function flagOf(field: string, text: string | undefined, wrong: string[]): boolean | undefined {
  if (text === undefined || text === '') return undefined;
  const word = text.toLowerCase();
  if (['true', 'yes', '1'].includes(word)) return true;
  if (['false', 'no', '0'].includes(word)) return false;
  wrong.push(`${field} must be true or false.`);
  return undefined;
}

function wrongNode(wish: {
  readonly upstream: ChannelBody['upstream'];
  readonly node_id: string | null;
}): readonly string[] {
  if (wish.upstream === 'graph' && wish.node_id === null) {
    return ['node_id is missing: on graph it is the id of the number (or WABA) at Meta.'];
  }
  if (wish.upstream === 'dialog360' && wish.node_id !== null) {
    return ['node_id must be empty on dialog360: the key alone decides which number it is.'];
  }
  return [];
}

function textOrNull(text: string | undefined): string | null | undefined {
  return text === '' ? null : text;
}

/** Without the fields that say nothing: the schema has its own word for what is missing. */
function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
