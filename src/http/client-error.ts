/** Requests that Node's parser refuses before there is a request: answered in the contract's shape too. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorReply } from './reply.ts';

/** The most that a request's head may have, line and headers together. */
export const HEAD_BYTES_MAX = 16_384;

const REFUSALS: ReadonlyMap<string, readonly [status: number, error: string]> = new Map([
  [
    'HPE_HEADER_OVERFLOW',
    [431, `The request's headers are larger than the ${HEAD_BYTES_MAX} bytes that are allowed.`],
  ],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', [413, 'The chunk extensions of the body are too large.']],
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'The request was not complete in time. Send it again.']],
]);

const NOT_HTTP = [400, 'This is no valid HTTP/1.1 request.'] as const;

/** Answers and ends the connection; says nothing on one that is gone. */
export function refuseUnparsed(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, sentence] = REFUSALS.get(error.code ?? '') ?? NOT_HTTP;
  const { headers, body } = errorReply(status, sentence, ['Connection', 'close']);
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`];
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1', () => socket.destroy());
}
