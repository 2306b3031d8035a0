/** Foreign text as a terminal may show it. */
import { shortInertText } from '#domain/inert-text.ts';

const LENGTH_MAX = 1_000;

/** One line of plain text: white space closed up, anything active as `<U+202E>`, cut to a length. */
export function inert(text: string): string {
  return shortInertText(text, LENGTH_MAX);
}
