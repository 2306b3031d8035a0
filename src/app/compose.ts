/** Builds every object of a running server by hand, in the order in which they need each other. */
import { intervalRulesOf } from '#config/interval-rules.ts';
import type { ServerOptions } from '#config/options.ts';
import type { HttpContext } from '#http/context.ts';
import { createMetrics } from '#http/metrics/create-metrics.ts';
import { DEFAULT_POLICY } from '#monitor/deps.ts';
import type { Policy } from '#monitor/deps.ts';
import { createMonitor } from '#monitor/monitor.ts';
import type { Monitor } from '#monitor/monitor.ts';
import { incidentLinks } from '#monitor/telling/incident-link.ts';
import type { Events } from '#ports/events.ts';
import type { Heartbeat } from '#ports/heartbeat.ts';
import { countOutbox } from '#monitor/telling/outbox-counts.ts';
import type { OpenedStore } from '#stores/sql/opened-store.ts';
import { createDialog360 } from '#upstreams/dialog360/dialog360.ts';
import { createGraph } from '#upstreams/graph/graph.ts';
import { metaWebhooks } from '#upstreams/graph/webhook/webhooks.ts';
import { createTransport } from '#upstreams/transport/transport.ts';
import { prepareAdminToken } from './admin-token.ts';
import type { AdminToken } from './admin-token.ts';
import { heartbeatOf } from './create-heartbeat.ts';
import type { StartPart } from './background.ts';
import { notifiersOf, tellingPart } from './create-telling.ts';
import { logEvents } from './event-log.ts';
import { fanOut } from './fan-out.ts';
import { hmacSigner } from './hmac-signer.ts';
import type { Log } from './log.ts';
import { measuredStore } from './measured-store.ts';
import { openStore } from './open-store.ts';
import { Readiness } from './readiness.ts';
import { createServers } from './roles.ts';
import type { Servers } from './roles.ts';
import { requireSharedSecrets } from './shared-secrets.ts';
import { sha256Digest } from './sha256-digest.ts';
import { systemClock } from './system-clock.ts';
import { systemRandomness } from './system-randomness.ts';
import { tokenCheck } from './token-check.ts';
import { createIds } from './uuid-ids.ts';
import { waysOut } from './ways-out.ts';

export interface Composed {
  readonly store: OpenedStore;
  readonly monitor: Monitor;
  readonly servers: Servers;
  /** Begins to send what is to be told. */
  readonly deliver: StartPart;
  readonly adminToken: AdminToken;
  readonly readiness: Readiness;
  /** Null where none was wished for. */
  readonly heartbeat: Heartbeat | null;
  /** Closes everything but servers and monitor, which are drained before. */
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
  const metrics = createMetrics({ version });
  opened.defer(() => metrics.close());
  const store = measuredStore(await openStore(options), {
    clock: systemClock,
    tell: metrics.transaction,
  });
  opened.defer(() => store.close());
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
  const events = fanOut([logEvents(log), metrics.events]);
  const monitor = monitorOf(options, { store, upstreams, events });
  const links = incidentLinks(hmacSigner(store.deriveKey('incident links')), options.publicUrl);
  const notifiers = notifiersOf(options);
  const telling = tellingPart({ notifiers, links });
  store.follow((notice) => {
    monitor.hear(notice);
    telling.hear(notice);
  });
  const context = contextOf(options, { store, monitor, metrics, adminToken, notifiers });
  const servers = createServers(
    {
      ...context,
      incidentLinks: options.publicUrl === null ? null : links,
      version,
      ready: () => readiness.checks(),
    },
    options,
  );
  const resources = opened.move();
  return {
    store,
    monitor,
    servers,
    adminToken,
    readiness,
    deliver: telling.start,
    heartbeat: heartbeatOf(options),
    close: async () => resources.disposeAsync(),
  };
}

function monitorOf(
  options: ServerOptions,
  about: {
    readonly store: OpenedStore;
    readonly upstreams: ReturnType<typeof createUpstreams>;
    readonly events: Events;
  },
): Monitor {
  const { store, upstreams, events } = about;
  const { clock } = store;
  return createMonitor({
    store,
    upstreams,
    directory: upstreams.graph.directory,
    webhooks: metaWebhooks,
    clock,
    ids: createIds({ clock, randomness: systemRandomness }),
    randomness: systemRandomness,
    digest: sha256Digest,
    events,
    policy: policyOf(options),
  });
}

type Contextual = Pick<Composed, 'store' | 'monitor' | 'adminToken'> &
  Pick<HttpContext, 'metrics' | 'notifiers'>;

/** What routes work with, but for what only the whole knows. */
function contextOf(
  options: ServerOptions,
  { store, monitor, metrics, adminToken, notifiers }: Contextual,
): Omit<HttpContext, 'incidentLinks' | 'version' | 'ready'> {
  const schedule = options.roles.includes('watch') ? () => monitor.schedule.facts() : null;
  metrics.watch({
    fleet: () => monitor.fleet.counts(),
    outbox: () => countOutbox(monitor.deps),
    schedule,
  });
  const metricsToken = options.metricsToken ?? options.metricsTokenFile;
  return {
    monitor,
    clock: store.clock,
    digest: sha256Digest,
    adminToken,
    metricsToken:
      metricsToken && tokenCheck(sha256Digest, sha256Digest.sha256Hex(metricsToken.reveal())),
    metrics,
    maintenance: store.maintenance,
    notifiers,
    schedule,
  };
}

function policyOf(options: ServerOptions): Policy {
  const { readTimeout, confirmAfter, recoverAfter, graphReadsPerHour } = options;
  return {
    ...DEFAULT_POLICY,
    intervals: intervalRulesOf(options.checkInterval),
    readTimeoutMs: readTimeout,
    forcedReadTimeoutMs: Math.min(DEFAULT_POLICY.forcedReadTimeoutMs, readTimeout),
    confirmAfterMs: confirmAfter,
    recoveredAfterMs: recoverAfter,
    // The schedule reads each channel in time; a client's request only fills in for it.
    refreshGraceMs: REFRESH_GRACE_MS,
    graphReadsPerHour,
    watchWebhooks: options.watchWebhooks,
  };
}

function createUpstreams(options: ServerOptions) {
  const clock = systemClock;
  const transport = createTransport({ clock, ...waysOut(options) });
  const { graphUrl, graphVersion, dialog360Url } = options;
  return {
    graph: createGraph({ transport, clock, baseUrl: graphUrl, version: graphVersion }),
    dialog360: createDialog360({ transport, clock, baseUrl: dialog360Url }),
  };
}
