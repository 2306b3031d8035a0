/** The servers of this program: the whole one, and two that answer less. */
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './context.ts';
import type { HttpServer } from './http-server.ts';
import { createLanes } from './lanes.ts';
import type { ServerLimits } from './limited-server.ts';
import { registerMetrics, registerOpenMetrics } from './routes/metrics.ts';
import { registerProbes } from './routes/probe.ts';
import { registerManagement } from './routes/register.ts';
import { createSmallServer } from './small-server.ts';

/** The public route, the management API, probes and metrics. */
export function createServer(context: HttpContext, limits: Partial<ServerLimits> = {}): HttpServer {
  return createLanes(context, { limits, routes: registerManagement });
}

/** Probes and metrics, for a program that does not have the role `api`. */
export function createProbeServer(
  context: HttpContext,
  limits: Partial<ServerLimits> = {},
): HttpServer {
  const register = (app: FastifyInstance) => {
    registerProbes(app, context);
    registerMetrics(app, context);
  };
  const nothingElse =
    'This server runs without the role api: it answers /livez, /readyz and /metrics only.';
  return createSmallServer({ clock: context.clock, limits, register, nothingElse });
}

/** The metrics alone, for whoever can reach the address. */
export function createMetricsServer(
  context: HttpContext,
  limits: Partial<ServerLimits> = {},
): HttpServer {
  const register = (app: FastifyInstance) => registerOpenMetrics(app, context);
  const nothingElse = 'This address answers /metrics only.';
  return createSmallServer({ clock: context.clock, limits, register, nothingElse });
}
