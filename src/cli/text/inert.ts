/** Foreign text as a terminal may show it. */
import { inertCharacters, oneLine } from '#domain/inert-text.ts';

const LENGTH_MAX = 1_000;

/** One line of plain text: white space closed up, anything active as `<U+202E>`, cut to a length. */
export function inert(text: string): string {
  const line = oneLine(text);
  const cut = line.length > LENGTH_MAX ? `${line.slice(0, LENGTH_MAX - 1)}…` : line;
  return inertCharacters(cut);
}
