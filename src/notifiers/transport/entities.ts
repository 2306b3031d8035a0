/** Characters that markup reads as its own, written so that they are only themselves. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** One character of a text, where `&`, `<` and `>` alone matter: Slack, Telegram. */
export function tagSafe(character: string): string {
  return /[&<>]/.test(character) ? (ENTITIES[character] ?? character) : character;
}

/** A whole text for HTML, also inside an attribute. */
export function htmlSafe(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
