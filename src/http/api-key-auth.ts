/** Who asks with an API key: the same answers wherever one is wanted. */
import type { IncomingMessage } from 'node:http';
import type { KnownKey } from '#monitor/keyring.ts';
import type { BadKeys } from './bad-keys.ts';
import type { HttpContext } from './context.ts';
import type { Reply } from './reply.ts';
import { errorReply, retryAfter } from './reply.ts';
import { apiKeyIn } from './request-headers.ts';

export interface KeyContext {
  readonly context: HttpContext;
  readonly badKeys: BadKeys;
}

/** The live key in these headers, or why it is refused. Throws Problem `store_unavailable`. */
export async function keyOf(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  about: KeyContext,
): Promise<KnownKey | Reply> {
  return resolveKey(apiKeyIn(headers['d360-api-key']), socket.remoteAddress, about);
}

/** The same for a key that stands elsewhere; null for none. */
export async function resolveKey(
  text: string | null,
  address: string | undefined,
  { context, badKeys }: KeyContext,
): Promise<KnownKey | Reply> {
  if (text === null) return unauthorized();
  const key = await context.monitor.keyring.resolve(context.digest.sha256Hex(text));
  if (key !== null) return key;
  const waitMs = badKeys.count(address);
  if (waitMs === 0) return unauthorized();
  return errorReply(429, 'Too many invalid API keys from here. Ask again later.', [
    ...retryAfter(waitMs),
  ]);
}

/** Word for word what 360dialog says (docs/dialog360.md §2.2). */
export function unauthorized(): Reply {
  return errorReply(401, 'Invalid API key', ['WWW-Authenticate', 'ApiKey realm="waba-health"']);
}
