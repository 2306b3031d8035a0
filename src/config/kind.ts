/**
 * The kinds of value an option can have: how a text becomes a value, and the sentence when it does not.
 * The sentence completes "<option> …": "must be a duration such as 30s or 5m, not \"soon\"".
 */
import { z } from 'zod';
import { Secret } from '#domain/secret.ts';
import { durationMsOf, durationText } from './duration.ts';
import { nearestWord } from './nearest.ts';

/** Reads a file whole; throws Node's error when it cannot. Passed in: this folder does no I/O. */
export type ReadFile = (path: string) => Uint8Array;

/** Text to value, or why not. */
export type Reading<T> = { readonly value: T } | { readonly wrong: string };

export interface Kind<T> {
  /** What stands for the value in `--help`: `<duration>`. */
  readonly placeholder: string;
  read(text: string, readFile: ReadFile): Reading<T>;
}

/** A file that an option named, with what was in it when the program started. */
export interface GivenFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const FILE_BYTES_MAX = 1_048_576;

/** A kind by its schema, whose first issue is the sentence. */
export function kindOf<T>(placeholder: string, schema: z.ZodType<T, string>): Kind<T> {
  return {
    placeholder,
    read(text) {
      const parsed = schema.safeParse(text);
      if (parsed.success) return { value: parsed.data };
      return { wrong: parsed.error.issues[0]?.message ?? 'is not valid' };
    },
  };
}

/** A value by a function that gives null for what is not right; `right` completes "must be …". */
export function kindBy<T>(placeholder: string, right: string, valueOf: (text: string) => T | null) {
  const schema = z.string().transform((text, context) => {
    const value = valueOf(text);
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: `must be ${right}, not ${quoted(text)}` });
    return z.NEVER;
  });
  return kindOf<T>(placeholder, schema);
}

/** A duration in ms between `min` and `max` (both in ms, both allowed). */
export function duration(min: number, max: number): Kind<number> {
  const range = `from ${durationText(min)} to ${durationText(max)}`;
  return kindBy('<duration>', `a duration ${range}, such as 30s or 5m`, (text) => {
    const ms = durationMsOf(text);
    return ms !== null && ms >= min && ms <= max ? ms : null;
  });
}

/** A whole number of days between `min` and `max` (both allowed), as ms. */
export function days(min: number, max: number): Kind<number> {
  return kindBy('<days>', `a whole number of days from ${min} to ${max}`, (text) => {
    const given = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0;
    return given >= min && given <= max ? given * 86_400_000 : null;
  });
}

/** A whole number between `min` and `max`, both allowed. */
export function count(min: number, max: number): Kind<number> {
  return kindBy('<number>', `a whole number from ${min} to ${max}`, (text) => {
    const number = /^\d{1,12}$/.test(text) ? Number(text) : NaN;
    return number >= min && number <= max ? number : null;
  });
}

/** A path, kept as given: relative ones count from where the program was started. */
export const path: Kind<string> = kindOf(
  '<path>',
  z
    .string()
    .min(1, 'must not be empty')
    .refine((text) => !text.includes('\0'), 'must be a path'),
);

export interface ListenAddress {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** `host:port`; an IPv6 address stands in brackets. */
export const listenAddress: Kind<ListenAddress> = kindBy(
  '<host:port>',
  'host:port such as 127.0.0.1:8360 or [::1]:8360',
  (text) => {
    const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/@]+)):(\d{1,5})$/.exec(text);
    const host = match?.[1] ?? match?.[2];
    const port = Number(match?.[3]);
    return host === undefined || port > 65_535 ? null : { host, port };
  },
);

/** An http(s) address to put paths after: no user, password, query or fragment; no slash at its end. */
export const baseUrl: Kind<string> = kindBy(
  '<url>',
  'an address such as https://example.com, without user, password, query or fragment',
  (text) => {
    const url = httpUrlOf(text);
    if (url === null || url.username !== '' || url.password !== '') return null;
    if (url.search !== '' || url.hash !== '' || /[?#]$/.test(text)) return null;
    return url.href.replace(/\/+$/, '');
  },
);

/** A proxy's address; a Secret, because it may hold a user and password. Its text is never shown. */
export const proxyUrl: Kind<Secret> = kindOf(
  '<url>',
  z
    .string()
    .refine((text) => httpUrlOf(text) !== null, 'must be an address such as http://proxy:3128')
    .transform((text) => new Secret(text)),
);

const DATABASE = 'must be an address such as postgresql://user@host/database';

/** A PostgreSQL database's address; a Secret, because it may hold a password. Its text is never shown. */
export const databaseUrl: Kind<Secret> = kindOf(
  '<url>',
  z
    .string()
    .transform((text) => text.trim())
    .refine(isDatabaseUrl, DATABASE)
    .transform((text) => new Secret(text)),
);

/** A Graph API version: `v26.0`. */
export const graphVersion: Kind<string> = kindBy('<version>', 'a version such as v26.0', (text) =>
  /^v\d{1,3}\.\d$/.test(text) ? text : null,
);

/** Host names, divided by commas, as `NO_PROXY` has them. */
export const hostList: Kind<string> = kindOf(
  '<hosts>',
  // Systems put networks and wildcards there too, which may match nothing but are no reason to stop.
  z.string().regex(/^[\x20-\x7e]*$/, 'must be host names with commas between them'),
);

/** One word of a list. */
export function oneOf<const T extends readonly string[]>(words: T): Kind<T[number]> {
  return kindBy('<word>', `one of ${words.join(', ')}`, (text) =>
    words.includes(text) ? (text as T[number]) : null,
  );
}

/** Words of a list with commas between them, in the list's own order; each counts once. */
export function someOf<const T extends readonly string[]>(words: T): Kind<readonly T[number][]> {
  return {
    placeholder: '<words>',
    read(text) {
      const given = text.split(',').map((word) => word.trim());
      const strange = given.find((word) => !words.includes(word));
      if (strange === undefined) return { value: words.filter((word) => given.includes(word)) };
      const nearest = nearestWord(strange, words);
      const hint = nearest === null ? '' : ` (${nearest} was probably meant)`;
      return { wrong: `knows ${words.join(', ')}, not ${quoted(strange)}${hint}` };
    },
  };
}

/** A file, read at once, so that one that is missing is told with everything else that is wrong. */
const file: Kind<GivenFile> = {
  placeholder: '<file>',
  read(text, readFile) {
    if (text === '') return { wrong: 'must not be empty' };
    try {
      const bytes = readFile(text);
      if (bytes.length <= FILE_BYTES_MAX) return { value: { path: text, bytes } };
      return { wrong: `must name a file of at most 1 MiB, ${quoted(text)} is larger` };
    } catch (error) {
      return { wrong: `must name a file that can be read: ${quoted(text)} ${whyNot(error)}` };
    }
  },
};

/** A file of certificates in PEM. */
export const certificateFile: Kind<GivenFile> = fileThat(
  'holds PEM certificates (-----BEGIN CERTIFICATE-----)',
  (text) => (text.includes('-----BEGIN CERTIFICATE-----') ? text : null),
  (given) => given,
);

/** A file that holds one secret; line ends around it are dropped. */
export const secretFile: Kind<Secret> = fileThat(
  'holds one secret of at least 16 letters, digits and signs, without spaces',
  secretTextOf,
  (_given, text) => new Secret(text),
);

/** The secret itself: for variables of the environment, never for arguments. */
export const secretText: Kind<Secret> = kindOf(
  '<secret>',
  z
    .string()
    .transform((text) => secretTextOf(text) ?? '')
    .refine(
      (text) => text !== '',
      'must be a secret of at least 16 letters, digits and signs, without spaces',
    )
    .transform((text) => new Secret(text)),
);

/** A file with a key of 32 bytes: as 64 hex digits, or as base64. */
export const keyFile: Kind<Uint8Array> = fileThat(
  'holds 32 bytes as 64 hex digits or as base64 (make one with: openssl rand -hex 32)',
  (text) => (keyBytesOf(text) === null ? null : text),
  (_given, text) => keyBytesOf(text) ?? new Uint8Array(),
);

/** A file with a PostgreSQL database's address. */
export const databaseUrlFile: Kind<Secret> = fileThat(
  'holds an address such as postgresql://user:password@host/database',
  (text) => (isDatabaseUrl(text.trim()) ? text.trim() : null),
  (_given, text) => new Secret(text),
);

/** A file whose content is right; `right` completes "must name a file that …". */
export function fileThat<T>(
  right: string,
  contentOf: (text: string) => string | null,
  valueOf: (given: GivenFile, text: string) => T,
): Kind<T> {
  return {
    placeholder: file.placeholder,
    read(text, readFile) {
      const reading = file.read(text, readFile);
      if ('wrong' in reading) return reading;
      const content = contentOf(new TextDecoder().decode(reading.value.bytes));
      // The content is never quoted: this is where secrets live.
      if (content === null) return { wrong: `must name a file that ${right}: ${quoted(text)}` };
      return { value: valueOf(reading.value, content) };
    },
  };
}

function secretTextOf(text: string): string | null {
  const trimmed = text.trim();
  return /^[\x21-\x7e]{16,4096}$/.test(trimmed) ? trimmed : null;
}

function keyBytesOf(text: string): Uint8Array | null {
  const trimmed = text.trim();
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) {
    return Uint8Array.from(trimmed.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  }
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return null;
  const standard = trimmed.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(standard), (letter) => letter.charCodeAt(0));
}

function isDatabaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname } = new URL(text);
  return /^postgres(ql)?:$/.test(protocol) && /^\/[^/]+$/.test(pathname);
}

function httpUrlOf(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
}

/** The text as the person gave it, cut short and without control characters. */
function quoted(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
  return `"${plain.length > 80 ? `${plain.slice(0, 79)}…` : plain}"`;
}

const WHY_NOT: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EISDIR: 'is a directory',
  ENOTDIR: 'leads through something that is not a directory',
};

function whyNot(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return WHY_NOT[code] ?? `could not be read${code === '' ? '' : ` (${code})`}`;
}
