/**
 * Foreign text made inert: what an upstream says may hold escape sequences that repaint a terminal and
 * bidirectional controls that reorder what is read. They are shown as what they are.
 */

/** Control, bidirectional, invisible and line-breaking characters. */
const ACTIVE =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

const LENGTH_MAX = 1_000;

/** One line of plain text: white space closed up, anything active as `<U+202E>`, cut to a length. */
export function inert(text: string): string {
  const line = text.replace(/[\t\n\v\f\r ]+/g, ' ').replace(/^ | $/g, '');
  const cut = line.length > LENGTH_MAX ? `${line.slice(0, LENGTH_MAX - 1)}…` : line;
  return cut.replace(ACTIVE, codePointName);
}

function codePointName(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `<U+${hex}>`;
}
