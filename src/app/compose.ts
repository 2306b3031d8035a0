/** Builds every object of a running server by hand, in the order in which they need each other. */
import type { ServerOptions } from '#config/options.ts';
import { createServer } from '#http/server.ts';
import type { HttpServer } from '#http/lanes.ts';
import { DEFAULT_POLICY } from '#monitor/deps.ts';
import { createMonitor } from '#monitor/monitor.ts';
import type { Monitor } from '#monitor/monitor.ts';
import { watchFleet } from '#monitor/watch-fleet.ts';
import type { OpenedStore } from '#stores/sql/opened-store.ts';
import { createDialog360 } from '#upstreams/dialog360/dialog360.ts';
import { createGraph } from '#upstreams/graph/graph.ts';
import { createTransport } from '#upstreams/transport/transport.ts';
import { prepareAdminToken } from './admin-token.ts';
import type { AdminToken } from './admin-token.ts';
import { logEvents } from './event-log.ts';
import type { Log } from './log.ts';
import { openStore } from './open-store.ts';
import { Readiness } from './readiness.ts';
import { requireSharedSecrets } from './shared-secrets.ts';
import { sha256Digest } from './sha256-digest.ts';
import { systemClock } from './system-clock.ts';
import { systemRandomness } from './system-randomness.ts';
import { createIds } from './uuid-ids.ts';

export interface Composed {
  readonly store: OpenedStore;
  readonly monitor: Monitor;
  readonly server: HttpServer;
  readonly adminToken: AdminToken;
  readonly readiness: Readiness;
  /** Closes everything but the server, which is drained before. */
  close(): Promise<void>;
}

/** How late the schedule may be before a client's request causes the read that is due. */
const REFRESH_GRACE_MS = 10_000;

/** Opens the store and builds the rest; nothing listens yet. Throws Problem `cannot_start`. */
export async function compose(
  options: ServerOptions,
  { log, version }: { log: Log; version: string },
): Promise<Composed> {
  requireSharedSecrets(options);
  await using opened = new AsyncDisposableStack();
  const upstreams = createUpstreams(options);
  opened.defer(() => upstreams.graph.close());
  opened.defer(() => upstreams.dialog360.close());
  const store = await openStore(options);
  opened.defer(() => store.close());
  const { clock } = store;
  const adminToken = await prepareAdminToken(
    {
      store,
      digest: sha256Digest,
      randomness: systemRandomness,
      dataDir: options.dataDir,
    },
    options.adminToken ?? options.adminTokenFile,
  );
  const readiness = new Readiness();
  const monitor = createMonitor({
    store,
    upstreams,
    clock,
    ids: createIds({ clock, randomness: systemRandomness }),
    randomness: systemRandomness,
    digest: sha256Digest,
    events: logEvents(log),
    policy: {
      ...DEFAULT_POLICY,
      readTimeoutMs: options.readTimeout,
      forcedReadTimeoutMs: Math.min(DEFAULT_POLICY.forcedReadTimeoutMs, options.readTimeout),
      confirmAfterMs: options.confirmAfter,
      // The schedule reads each channel in time; a client's request only fills in for it.
      refreshGraceMs: REFRESH_GRACE_MS,
      graphReadsPerHour: options.graphReadsPerHour,
    },
  });
  opened.defer(() => monitor.close());
  store.follow((notice) => monitor.hear(notice));
  const watching = watchFleet(monitor);
  opened.defer(() => watching.close());
  const context = {
    monitor,
    clock,
    digest: sha256Digest,
    adminToken,
    version,
    ready: () => readiness.checks(),
  };
  const server = createServer(context, { drainMs: options.shutdownTimeout });
  const resources = opened.move();
  const close = async () => resources.disposeAsync();
  return { store, monitor, server, adminToken, readiness, close };
}

function createUpstreams(options: ServerOptions) {
  const clock = systemClock;
  const transport = createTransport({
    clock,
    proxy: options.proxy,
    noProxy: options.noProxy,
    extraCa: options.caFile.map((file) => new TextDecoder().decode(file.bytes)),
  });
  const { graphUrl, graphVersion, dialog360Url } = options;
  return {
    graph: createGraph({ transport, clock, baseUrl: graphUrl, version: graphVersion }),
    dialog360: createDialog360({ transport, clock, baseUrl: dialog360Url }),
  };
}
