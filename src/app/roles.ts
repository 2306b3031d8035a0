/**
 * What runs, by the roles of a server. `api` is the public route and the management API; without it the
 * address answers probes and metrics only. `watch` is the background; without it nobody is asked but for
 * a request. `deliver` sends what is to be told.
 */
import type { ServerOptions } from '#config/options.ts';
import type { HttpContext } from '#http/context.ts';
import type { HttpServer } from '#http/http-server.ts';
import { createMetricsServer, createProbeServer, createServer } from '#http/server.ts';
import { startHeartbeat } from '#monitor/heartbeat.ts';
import type { Monitor } from '#monitor/monitor.ts';
import type { Repeated } from '#monitor/repeat.ts';
import type { Heartbeat } from '#ports/heartbeat.ts';
import { partsOf, startBackground } from './background.ts';
import type { BackgroundOptions, StartPart } from './background.ts';

export interface Servers {
  readonly main: HttpServer;
  /** On an address of its own; null when none was wished for. */
  readonly metrics: HttpServer | null;
}

/** Builds the servers; nothing listens yet. */
export function createServers(
  context: HttpContext,
  { roles, metricsListen, shutdownTimeout }: ServerOptions,
): Servers {
  const limits = { drainMs: shutdownTimeout };
  const create = roles.includes('api') ? createServer : createProbeServer;
  return {
    main: create(context, limits),
    metrics: metricsListen === null ? null : createMetricsServer(context, limits),
  };
}

/** Begins what runs in the background in these roles; `deliver` begins the sending of messages. */
export function startWatching(
  options: Pick<ServerOptions, 'roles' | 'heartbeatEvery'> & BackgroundOptions,
  monitor: Monitor,
  { deliver, heartbeat }: { readonly deliver: StartPart; readonly heartbeat: Heartbeat | null },
): Repeated {
  const { roles, heartbeatEvery: everyMs } = options;
  const about = { everyMs, watches: roles.includes('watch'), delivers: roles.includes('deliver') };
  const beating = heartbeat && startHeartbeat(monitor, { heartbeat, ...about });
  const running = startBackground(monitor, options, partsOf(roles, deliver));
  return {
    async close() {
      await Promise.all([beating?.close(), running.close()]);
    },
  };
}
