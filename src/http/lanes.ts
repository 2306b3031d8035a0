/** The HTTP server: the fast lane in front, Fastify behind it, and the limits around both. */
import type { RequestListener } from 'node:http';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { refuseUnparsed } from './client-error.ts';
import type { HttpContext } from './context.ts';
import { createFastLane } from './fast-lane.ts';
import type { FastLane } from './fast-lane.ts';
import { httpServer } from './http-server.ts';
import type { HttpServer } from './http-server.ts';
import { createLimitedServer, DEFAULT_LIMITS } from './limited-server.ts';
import type { ServerLimits } from './limited-server.ts';
import { refuseUrl, registerPublic } from './public-routes.ts';
import { originForm, refusalOf } from './refused-request.ts';
import { sendReply } from './reply.ts';

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

  return httpServer(app, {
    clock: context.clock,
    drainMs: limits.drainMs,
    onClose: () => (traffic.draining = true),
  });
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
