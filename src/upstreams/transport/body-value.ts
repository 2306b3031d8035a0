/** The JSON value of a body. */
import { isUtf8 } from 'node:buffer';
import { valueOfJson } from '#domain/json.ts';

/**
 * The value, or undefined for what is no JSON. Bytes that are no UTF-8 are none: ids and words read
 * from them would be guesses.
 */
export function valueOfBody(body: Uint8Array): unknown {
  if (body.length === 0 || !isUtf8(body)) return undefined;
  return valueOfJson(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8'));
}
