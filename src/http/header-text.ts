/** Foreign words made safe for a header: what is no token becomes a string, what is not ASCII a `?`. */

const LENGTH_MAX = 64;
/** A token of a structured field (RFC 9651 §3.3.4). */
const TOKEN = /^[A-Za-z*][A-Za-z0-9!#$%&'*+\-.^_`|~:/]*$/;

/** The word as a structured-field token, or quoted; at most 64 characters of it. */
export function headerWord(word: string): string {
  const short = word.slice(0, LENGTH_MAX);
  return TOKEN.test(short) ? short : `"${plainAscii(short).replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** The text with everything outside printable ASCII replaced; at most 64 characters of it. */
export function headerText(text: string): string {
  return plainAscii(text.slice(0, LENGTH_MAX));
}

function plainAscii(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?');
}
