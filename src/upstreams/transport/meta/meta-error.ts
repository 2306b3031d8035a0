/**
 * Meta's error envelope, wherever it turns up: straight from Graph, or passed on by a provider.
 * Tolerant of every shape (docs/meta.md §3.1): what has the wrong type counts as absent.
 */
export interface MetaError {
  readonly code: number;
  readonly subcode: number | null;
  /** Meta's sentence, its details included; empty when it gave none. Not redacted. */
  readonly message: string;
  /** True only when Meta says so: its absence is not false. */
  readonly isTransient: boolean;
  readonly traceId: string | null;
}

/** The error in a parsed body; null when `error` is absent or carries no code of Meta's. */
export function metaErrorOf(body: unknown): MetaError | null {
  const error = fieldOf(body, 'error');
  const code = integerOf(fieldOf(error, 'code'));
  if (code === null) return null;
  return {
    code,
    subcode: integerOf(fieldOf(error, 'error_subcode')),
    message: messageOf(error),
    isTransient: fieldOf(error, 'is_transient') === true,
    traceId: traceIdOf(fieldOf(error, 'fbtrace_id')),
  };
}

/** The field of an object; undefined for everything that is none, and for what it only inherits. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  const field: unknown = Reflect.get(value, name);
  return field;
}

/** A support handle as Meta writes them; null for anything that does not look like one. */
export function traceIdOf(value: unknown): string | null {
  return typeof value === 'string' && /^[\w+/=.:-]{1,128}$/.test(value) ? value : null;
}

function messageOf(error: unknown): string {
  const message = fieldOf(error, 'message');
  const details = fieldOf(fieldOf(error, 'error_data'), 'details');
  const texts = [message, details].filter((text) => typeof text === 'string' && text !== '');
  return [...new Set(texts)].join(' ');
}

/** Some proxies write numbers as strings. */
function integerOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}
