/** The public route on a Fastify application, and a sentence for whatever is nowhere. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { API_PREFIX } from '#api/operation.ts';
import { BadKeys } from './bad-keys.ts';
import type { HttpContext } from './context.ts';
import { healthStatusReply } from './health-status.ts';
import { notHere } from './not-here.ts';
import { sendProblem } from './problem.ts';
import type { Reply } from './reply.ts';
import { errorReply, sendReply } from './reply.ts';

/** `GET` and `HEAD /health_status`, and a sentence for whatever is nowhere. */
export function registerPublic(app: FastifyInstance, context: HttpContext): void {
  const about = { context, badKeys: new BadKeys(context.clock) };
  app.route({
    method: ['GET', 'HEAD'],
    url: '/health_status',
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      take(reply, await healthStatusReply(request.raw, about));
    },
  });
  app.setErrorHandler((error, request, reply) => {
    const { method } = request;
    const route = request.routeOptions.url ?? '(no route)';
    const status = statusOf(error);
    if (status >= 500) context.monitor.deps.events.emit('request_failed', { method, route, error });
    take(reply, errorReply(status, sentenceOfStatus(status)));
  });
  // In a scope of its own, so that the hook concerns no route; it answers before a body is read.
  void app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => answerNowhere(request, reply));
    scope.setNotFoundHandler(answerNowhere);
  });
}

function answerNowhere({ method, url }: FastifyRequest, reply: FastifyReply): FastifyReply {
  return take(reply, notHere(method, url.split('?', 1)[0] ?? ''));
}

/** Sends the reply as it is, past Fastify's own serialising and headers. */
function take(reply: FastifyReply, answer: Reply): FastifyReply {
  reply.hijack();
  sendReply(reply.raw, answer);
  return reply;
}

/** A path that cannot be decoded. */
export function refuseUrl(url: string, reply: FastifyReply): void {
  const detail = 'This path is no valid URL: write % as %25.';
  if (url.startsWith(API_PREFIX)) sendProblem(reply, { code: 'invalid_request', detail });
  else take(reply, errorReply(400, detail));
}

function statusOf(error: unknown): number {
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}

function sentenceOfStatus(status: number): string {
  if (status === 413) return 'The body is too large.';
  if (status === 415) return 'Nothing here takes a body of this type.';
  return status < 500 ? 'The request is not valid.' : 'An error of waba-health ended this request.';
}
