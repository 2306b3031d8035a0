/** Starts a server and stops it again, leaving nothing behind but its data. */
import type { ServerOptions } from '#config/options.ts';
import type { Repeated } from '#monitor/repeat.ts';
import { compose } from './compose.ts';
import type { Composed } from './compose.ts';
import type { Log } from './log.ts';
import { startWatching } from './roles.ts';
import { removeServerFile, writeServerFile } from './server-file.ts';
import { systemClock } from './system-clock.ts';

export interface Running extends AsyncDisposable {
  /** Where clients on this machine reach it. */
  readonly url: string;
  /** Where the metrics have an address of their own; null otherwise. */
  readonly metricsUrl: string | null;
  /** The file in which the administrator's token lies; null when it was given by option. */
  readonly adminTokenFile: string | null;
  readonly instanceId: string;
  /** Drains and stops; the second call waits for the first. */
  stop(): Promise<void>;
}

export interface StartAbout {
  readonly log: Log;
  readonly version: string;
}

/** Throws Problem `cannot_start`, with nothing left open, when it cannot start. */
export async function start(options: ServerOptions, about: StartAbout): Promise<Running> {
  const composed = await compose(options, about);
  try {
    const { url, metricsUrl } = await listen(composed, options);
    const { version, log } = about;
    if (options.roles.includes('api')) await announce(options, url, version);
    tellStart(composed, { options, log, url, metricsUrl, version });
    const background = startWatching(options, composed.monitor, composed);
    return running({ ...composed, background }, { options, log, url, metricsUrl });
  } catch (error) {
    await closeServers(composed);
    await composed.monitor.close();
    await composed.close();
    throw error;
  }
}

/** Only to who is there for them: commands find the server by this file. */
async function announce({ dataDir }: ServerOptions, url: string, version: string): Promise<void> {
  const started = new Date(systemClock.now()).toISOString();
  await writeServerFile(dataDir, { url, pid: process.pid, version, started_at: started });
}

/** The addresses under which this machine reaches the servers. Throws Problem `cannot_start`. */
async function listen({ servers }: Composed, { listen: wanted, metricsListen }: ServerOptions) {
  const { url } = await servers.main.listen(wanted);
  const metrics = metricsListen && (await servers.metrics?.listen(metricsListen));
  return { url: reachable(url), metricsUrl: metrics ? reachable(metrics.url) : null };
}

/** One that listens on every address is reached on this machine's own. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

interface Told {
  readonly options: ServerOptions;
  readonly log: Log;
  readonly url: string;
  /** Null when the metrics have no address of their own. */
  readonly metricsUrl: string | null;
  readonly version: string;
}

function tellStart({ adminToken, store }: Composed, told: Told): void {
  const { options, log, url, metricsUrl, version } = told;
  if (adminToken.notice !== null) log.warn(adminToken.notice);
  for (const asked of [options.graphUrl, options.dialog360Url]) {
    if (asked.startsWith('http://')) {
      log.warn({ url: asked }, 'questions go out unencrypted: fit for a simulator only');
    }
  }
  const { dataDir, roles } = options;
  const { instanceId } = store;
  const adminTokenFile = adminToken.file;
  log.info(
    { url, metricsUrl, version, roles, dataDir, adminTokenFile, instanceId },
    'server started',
  );
}

interface Parts extends Composed {
  readonly background: Repeated;
}

function running(parts: Parts, about: Omit<Told, 'version'>): Running {
  let stopping: Promise<void> | null = null;
  const stop = () => (stopping ??= stopAll(parts, about));
  return {
    url: about.url,
    metricsUrl: about.metricsUrl,
    adminTokenFile: parts.adminToken.file,
    instanceId: parts.store.instanceId,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/**
 * Nothing new begins; requests and reads under way end and are written, within the limit; then the store
 * closes. A read that the limit cut off was not written, and the next start makes it again.
 */
async function stopAll(parts: Parts, { options, log }: Omit<Told, 'version'>): Promise<void> {
  parts.readiness.drain();
  log.info('server stopping');
  const ended = Promise.all([parts.background.close(), closeServers(parts)]);
  const drained = await endsWithin(
    options.shutdownTimeout,
    ended.then(() => parts.monitor.close()),
  );
  if (!drained) log.warn('not everything under way ended within --shutdown-timeout');
  await removeServerFile(options.dataDir, process.pid);
  await parts.close();
  log.info('server stopped');
}

async function closeServers({ servers }: Composed): Promise<void> {
  await Promise.all([servers.main.close(), servers.metrics?.close()]);
}

/** False when the time was over first. */
async function endsWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = systemClock.after(limitMs, () => late.resolve(false));
  const isDone = await Promise.race([work.then(() => true), late.promise]);
  timer.cancel();
  return isDone;
}
