/** HTML in which foreign text can be nothing but text: whatever is put into it is made inert and escaped. */
import { shortInertText } from '#domain/inert-text.ts';

/** Markup of ours. Only `html` makes it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Longer texts are cut: a page for a phone has room for a few sentences. */
const TEXT_MAX = 300;

type Value = string | number | Html | null | readonly Html[];

/** Values become text, also within an attribute in double quotes; null becomes nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.map((part, at) => part + markup(values[at] ?? null)).join(''));
}

function markup(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if (value instanceof Html) return value.text;
  if (typeof value === 'string') return escaped(shortInertText(value, TEXT_MAX));
  return value.map(({ text }) => text).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** As many from the beginning as fit into so many bytes, and how many are left. */
export function fitting(
  items: readonly Html[],
  bytesMax: number,
): { readonly shown: readonly Html[]; readonly left: number } {
  let bytes = 0;
  const end = items.findIndex(({ text }) => (bytes += Buffer.byteLength(text)) > bytesMax);
  const shown = end === -1 ? items : items.slice(0, end);
  return { shown, left: items.length - shown.length };
}
