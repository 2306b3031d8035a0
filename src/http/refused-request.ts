/** What is wrong with a request before anybody looks where it goes. */
import type { IncomingMessage } from 'node:http';
import { WEBHOOK_BYTES_MAX } from '#ports/webhooks.ts';
import type { Reply } from './reply.ts';
import { errorReply } from './reply.ts';

/** No request but a webhook needs a larger body; routes that take one have their own limit. */
const BODY_BYTES_MAX = 1_048_576;

/** The refusal; null for a request that may go on. */
export function refusalOf({ headers, httpVersion, url }: IncomingMessage): Reply | null {
  if (headers.host === undefined && httpVersion === '1.1') {
    return errorReply(400, 'The Host header is missing: HTTP/1.1 requires it.', CLOSE);
  }
  const bytesMax = originForm(url ?? '/').startsWith('/webhooks/')
    ? WEBHOOK_BYTES_MAX
    : BODY_BYTES_MAX;
  if (Number(headers['content-length'] ?? 0) > bytesMax) {
    const error = `The body is larger than the ${bytesMax} bytes that are allowed.`;
    return errorReply(413, error, CLOSE);
  }
  return null;
}

const CLOSE = ['Connection', 'close'];

/** The path and query: of a target in absolute form, as proxies send it, what follows the host. */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const authority = /^https?:\/\/[^/?#]*/i.exec(target)?.[0];
  if (authority === undefined) return target;
  const rest = target.slice(authority.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
