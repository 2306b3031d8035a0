/**
 * Foreign text made inert: what an upstream says may hold escape sequences that repaint a terminal and
 * bidirectional controls that reorder what is read. They are shown as what they are.
 */

/** Control, bidirectional, invisible and line-breaking characters, and halves of characters. */
const ACTIVE =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** One line of plain text: white space closed up, anything active as `<U+202E>`. */
export function inertText(text: string): string {
  return inertCharacters(oneLine(text));
}

/** The same cut to a length, in UTF-16 units before anything is made inert; never through a character. */
export function shortInertText(text: string, lengthMax: number): string {
  const line = oneLine(text);
  if (line.length <= lengthMax) return inertCharacters(line);
  return `${inertCharacters(line.slice(0, lengthMax - 1).replace(/[\ud800-\udbff]$/, ''))}…`;
}

/** The text with white space closed up. */
function oneLine(text: string): string {
  return text.replace(/[\t\n\v\f\r ]+/g, ' ').replace(/^ | $/g, '');
}

/** Anything active as `<U+202E>`. */
function inertCharacters(text: string): string {
  return text.replace(ACTIVE, (character) => `<U+${hexOf(character.codePointAt(0) ?? 0)}>`);
}

/** A JSON text that says the same with nothing active in it. */
export function inertJson(json: string): string {
  return json.replace(ACTIVE, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      return `\\u${hexOf(character.charCodeAt(at)).toLowerCase()}`;
    }).join(''),
  );
}

function hexOf(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}
