/**
 * The last net under the log: whatever looks like a secret is taken out of every line, should one ever
 * get into a message. What is logged is chosen so that the net has nothing to catch.
 */

const SHAPES: readonly RegExp[] = [
  // Graph tokens; they may be hundreds of characters long.
  /\bEAA[0-9A-Za-z]{16,}/g,
  // Our own API keys and administrator tokens.
  /\bwh[a]?_[0-9A-Za-z_-]{20,}/g,
  /(?<=\b(?:Bearer|OAuth)\s)[\w.~+/|-]{8,}=*/gi,
  /(?<=\b(?:access_token|appsecret_proof|input_token|client_secret)(?:=|%3D))[^&\s"\\]+/gi,
  /(?<=D360-API-KEY["\\]*\s*[:=]\s*["\\]*)[^\s"\\]+/gi,
  // What makes a link to an incident's page valid.
  /(?<=\/i\/inc_[0-9a-z]{26}\?)[^\s"\\]+/g,
  // The user and password of an address.
  /(?<=(?:https?|postgres(?:ql)?):\/\/)[^\s/@"]+:[^\s/@"]*(?=@)/gi,
];

/** The text with `[secret]` in the place of everything that looks like one. */
export function redacted(text: string): string {
  let result = text;
  for (const shape of SHAPES) result = result.replace(shape, '[secret]');
  return result;
}
