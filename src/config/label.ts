/** A label with its value, as options name channels by it: `tier=gold`. */

/** As channels may have them. */
const LABEL = /^([A-Za-z0-9][A-Za-z0-9._/-]{0,62})=([^\p{Cc}]{0,128})$/u;

/** Null for a text that is none. */
export function labelIn(text: string): { readonly label: string; readonly value: string } | null {
  const [, label, value] = LABEL.exec(text) ?? [];
  return label === undefined || value === undefined ? null : { label, value };
}
