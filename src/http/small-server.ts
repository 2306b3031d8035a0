/** A server with a few routes and one sentence for everything else. */
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '#ports/clock.ts';
import { refuseUnparsed } from './client-error.ts';
import { httpServer } from './http-server.ts';
import type { HttpServer } from './http-server.ts';
import { createLimitedServer, DEFAULT_LIMITS } from './limited-server.ts';
import type { ServerLimits } from './limited-server.ts';
import { errorReply, sendReply } from './reply.ts';

export interface SmallServer {
  readonly clock: Clock;
  readonly limits: Partial<ServerLimits>;
  readonly register: (app: FastifyInstance) => void;
  /** What is said to a request for anything else. */
  readonly nothingElse: string;
}

/** Builds it; nothing listens yet. */
export function createSmallServer(wish: SmallServer): HttpServer {
  const limits = { ...DEFAULT_LIMITS, ...wish.limits };
  const app = fastify({
    serverFactory: (toFastify) => createLimitedServer(limits, toFastify),
    clientErrorHandler: refuseUnparsed,
    return503OnClosing: false,
  });
  wish.register(app);
  app.setErrorHandler((_error, _request, reply) => {
    reply.hijack();
    sendReply(reply.raw, errorReply(500, 'An error of waba-health ended this request.'));
  });
  // It answers before a body is read.
  void app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      reply.hijack();
      sendReply(reply.raw, errorReply(404, wish.nothingElse));
    });
    scope.setNotFoundHandler(() => undefined);
  });
  return httpServer(app, { clock: wish.clock, drainMs: limits.drainMs });
}
