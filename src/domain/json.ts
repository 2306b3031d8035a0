/**
 * JSON whose long numbers survive: an unquoted integer of 16 digits or more may exceed 2^53, so its
 * digits are taken from the source text and given as a string (template ids arrive so, docs/meta.md §5.4).
 */

/**
 * How deep a text may nest. Ours to set, and far above any real answer: the parser itself has no limit,
 * but whatever later walks the value recursively has one, and it moves with the stack.
 */
export const JSON_DEPTH_MAX = 256;

/** The value of a JSON text, or undefined for anything that is no JSON, too deep included. Never throws. */
export function valueOfJson(text: string): unknown {
  // RFC 8259 §8.1 lets a reader ignore a byte order mark, and fetch() clients do.
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (isTooDeep(json)) return undefined;
  try {
    return LONG_INTEGER.test(json) ? JSON.parse(json, keepDigits) : JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Whether `value` is a JSON object: neither null nor an array. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Possibly an unquoted integer of ≥ 16 digits. A hit inside a string costs time, nothing else. */
const LONG_INTEGER = /(?:^|[:,[\s])-?\d{16}/;
const LONG_INTEGER_SOURCE = /^-?\d{16,}$/;

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = typeof value === 'number' ? context?.source : undefined;
  return source !== undefined && LONG_INTEGER_SOURCE.test(source) ? source : value;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

function isTooDeep(json: string): boolean {
  if (json.length <= JSON_DEPTH_MAX) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const unit = json.charCodeAt(at);
    if (inString) {
      if (unit === BACKSLASH) at += 1;
      else if (unit === QUOTE) inString = false;
    } else if (unit === QUOTE) inString = true;
    else if (OPENING.has(unit)) depth += 1;
    else if (CLOSING.has(unit)) depth -= 1;
    if (depth > JSON_DEPTH_MAX) return true;
  }
  return false;
}
