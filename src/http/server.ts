/** The whole HTTP server: the public route and the management API. */
import type { HttpContext } from './context.ts';
import { createLanes } from './lanes.ts';
import type { HttpServer } from './lanes.ts';
import type { ServerLimits } from './limited-server.ts';
import { registerManagement } from './routes/register.ts';

/** Builds it; nothing listens yet. Limits that are not given have their defaults. */
export function createServer(context: HttpContext, limits: Partial<ServerLimits> = {}): HttpServer {
  return createLanes(context, { limits, routes: registerManagement });
}
