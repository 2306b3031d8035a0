/** `/metrics`, for Prometheus: behind a token of its own, or open on an address of its own. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HttpContext } from '#http/context.ts';
import { NEVER_STORED } from '#http/problem.ts';
import { requireMetricsToken } from '#http/token-auth.ts';

type About = Pick<HttpContext, 'metrics' | 'metricsToken' | 'clock'>;

export function registerMetrics(app: FastifyInstance, context: About): void {
  const onRequest = requireMetricsToken(context);
  app.get('/metrics', { onRequest }, (_request, reply) => answer(reply, context));
}

export function registerOpenMetrics(app: FastifyInstance, context: About): void {
  app.get('/metrics', (_request, reply) => answer(reply, context));
}

async function answer(reply: FastifyReply, { metrics }: About): Promise<FastifyReply> {
  const text = await metrics.text();
  return reply.headers(NEVER_STORED).type(metrics.contentType).send(text);
}
