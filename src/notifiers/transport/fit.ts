/** Texts and bodies within a service's limits: cut between characters, never inside one, and saying so. */
import { inertJson } from '#domain/inert-text.ts';

/** What stands where something was left out. */
const CUT_MARK = '… (cut)';

/** How one character is written in a service's markup. */
export type Escape = (character: string) => string;

const AS_IT_IS: Escape = (character) => character;

/**
 * The text as `escape` writes it, at most `max` UTF-16 units long: what does not fit is left out by whole characters,
 * escapes included, and the mark says so. No service counts longer than in UTF-16 units. Precondition: `max` is
 * no less than the mark.
 */
export function fit(text: string, max: number, escape: Escape = AS_IT_IS): string {
  let whole = '';
  let kept = '';
  for (const character of text.toWellFormed()) {
    whole += escape(character);
    if (whole.length > max) return `${kept.trimEnd()}${CUT_MARK}`;
    if (whole.length <= max - CUT_MARK.length) kept = whole;
  }
  return whole;
}

/**
 * These lines one below the other, at most `max` long: of those that do not fit whole ones are left out, and a line
 * says how many. `last` is kept whatever happens. Precondition: the first line and `last` fit together.
 */
export function fitLines(lines: readonly string[], max: number, last: string | null): string {
  const all = last === null ? lines : [...lines, last];
  if (lengthOf(all) <= max) return all.join('\n');
  for (let count = lines.length - 1; count > 0; count -= 1) {
    const left = lines.length - count;
    const mark = `… (${left} more ${left === 1 ? 'line' : 'lines'} left out)`;
    const some = [...lines.slice(0, count), mark, ...(last === null ? [] : [last])];
    if (lengthOf(some) <= max) return some.join('\n');
  }
  return all[0] ?? '';
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, -1);
}

/** The JSON of a value: well-formed, and with nothing in it that repaints or reorders what is read. */
export function jsonOf(value: unknown): string {
  return inertJson(
    JSON.stringify(value, (_name, part: unknown) =>
      typeof part === 'string' ? part.toWellFormed() : part,
    ),
  );
}

/** The first of these bodies, from the fullest to the smallest, that has at most `bytesMax` bytes; else the last. */
export function fitJson(bodies: readonly (() => unknown)[], bytesMax: number): string {
  let json = '';
  for (const body of bodies) {
    json = jsonOf(body());
    if (Buffer.byteLength(json) <= bytesMax) return json;
  }
  return json;
}
