/** What one client may take of the server: every wait, size and number has a limit. */
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { HEAD_BYTES_MAX } from './client-error.ts';
import { errorReply, sendReply } from './reply.ts';

/** Times in ms. */
export interface ServerLimits {
  /** From the first byte of a request to the last of its head, and of its body. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How often connections are held against these two. */
  readonly checkEveryMs: number;
  /** How long an idle connection is kept: longer than the 60 s of common load balancers. */
  readonly keepAliveMs: number;
  /** How long a connection may stand still in the middle of a request or an answer. */
  readonly standstillMs: number;
  readonly connectionsMax: number;
  /** How long `close` waits for requests under way. */
  readonly drainMs: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  checkEveryMs: 5_000,
  keepAliveMs: 75_000,
  standstillMs: 120_000,
  connectionsMax: 20_000,
  drainMs: 10_000,
};

/** A Node server with the limits set, and refusals in the contract's shape. */
export function createLimitedServer(limits: ServerLimits, listener: RequestListener): Server {
  const server = createServer(
    {
      maxHeaderSize: HEAD_BYTES_MAX,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      // A missing Host is refused by us, with a sentence.
      requireHostHeader: false,
      // A request without a body needs no stream: a fifth of the time of a plain answer.
      optimizeEmptyRequests: true,
    },
    listener,
  );
  // The head is bounded in bytes; a bound in headers would drop some silently, a second key among them.
  server.maxHeadersCount = 0;
  server.maxConnections = limits.connectionsMax;
  server.timeout = limits.standstillMs;
  server.on('checkExpectation', (_request: IncomingMessage, response) => {
    sendReply(response, errorReply(417, 'The only expectation that is met is 100-continue.'));
  });
  return server;
}
