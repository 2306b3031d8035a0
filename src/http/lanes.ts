/** The HTTP server: the fast lane in front, Fastify behind it, and the limits around both. */
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { Problem } from '#domain/problem.ts';
import { refuseUnparsed } from './client-error.ts';
import type { HttpContext } from './context.ts';
import { createFastLane } from './fast-lane.ts';
import type { FastLane } from './fast-lane.ts';
import { createLimitedServer, DEFAULT_LIMITS } from './limited-server.ts';
import type { ServerLimits } from './limited-server.ts';
import { refuseUrl, registerPublic } from './public-routes.ts';
import { originForm, refusalOf } from './refused-request.ts';
import { sendReply } from './reply.ts';

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

export interface LanesOptions {
  readonly limits?: Partial<ServerLimits>;
  /** Registers what is answered beside the public route. */
  readonly routes?: (app: FastifyInstance, context: HttpContext) => void;
}

export function createLanes(context: HttpContext, options: LanesOptions = {}): HttpServer {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const traffic = { draining: false };
  const lane = createFastLane(context, limits.keepAliveMs);
  const app = fastify({
    serverFactory: (toFastify) => createLimitedServer(limits, inFrontOf(toFastify, lane, traffic)),
    clientErrorHandler: refuseUnparsed,
    frameworkErrors: (error, request, reply) => refuseUrl(request.url, reply),
    return503OnClosing: false,
  });
  registerPublic(app, context);
  options.routes?.(app, context);

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
      traffic.draining = true;
      const timer = context.clock.after(limits.drainMs, () => app.server.closeAllConnections());
      await app.close();
      timer.cancel();
    },
  };
}

/** While draining, everything goes through Fastify, which asks clients to close their connections. */
function inFrontOf(
  toFastify: RequestListener,
  lane: FastLane,
  traffic: { readonly draining: boolean },
): RequestListener {
  return (request, response) => {
    if (request.url === '/health_status' && !traffic.draining) {
      if (lane.answer(request, response)) return;
    }
    const refusal = refusalOf(request);
    if (refusal !== null) {
      sendReply(response, refusal);
      return;
    }
    request.url = originForm(request.url ?? '/');
    toFastify(request, response);
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
