/** Starts a server and stops it again, leaving nothing behind but its data. */
import type { ServerOptions } from '#config/options.ts';
import { compose } from './compose.ts';
import type { Composed } from './compose.ts';
import type { Log } from './log.ts';
import { removeServerFile, writeServerFile } from './server-file.ts';
import { systemClock } from './system-clock.ts';

export interface Running extends AsyncDisposable {
  /** Where clients on this machine reach it. */
  readonly url: string;
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
    const url = await listen(composed, options);
    const started = new Date(systemClock.now()).toISOString();
    const { version, log } = about;
    await writeServerFile(options.dataDir, { url, pid: process.pid, version, started_at: started });
    tellStart(composed, { options, log, url, version });
    return running(composed, { options, log, url });
  } catch (error) {
    await composed.server.close();
    await composed.close();
    throw error;
  }
}

/** The address under which this machine reaches the server. Throws Problem `cannot_start`. */
async function listen({ server }: Composed, { listen: wanted }: ServerOptions): Promise<string> {
  const { url } = await server.listen(wanted);
  // One that listens on every address is reached on this machine's own.
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

interface Told {
  readonly options: ServerOptions;
  readonly log: Log;
  readonly url: string;
  readonly version: string;
}

function tellStart({ adminToken, store }: Composed, { options, log, url, version }: Told): void {
  if (adminToken.notice !== null) log.warn(adminToken.notice);
  for (const asked of [options.graphUrl, options.dialog360Url]) {
    if (asked.startsWith('http://')) {
      log.warn({ url: asked }, 'questions go out unencrypted: fit for a simulator only');
    }
  }
  const { dataDir } = options;
  const { instanceId } = store;
  const adminTokenFile = adminToken.file;
  log.info({ url, version, dataDir, adminTokenFile, instanceId }, 'server started');
}

function running(composed: Composed, about: Omit<Told, 'version'>): Running {
  let stopping: Promise<void> | null = null;
  const stop = () => (stopping ??= stopAll(composed, about));
  return {
    url: about.url,
    adminTokenFile: composed.adminToken.file,
    instanceId: composed.store.instanceId,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function stopAll(composed: Composed, { options, log }: Omit<Told, 'version'>): Promise<void> {
  composed.readiness.drain();
  log.info('server stopping');
  await composed.server.close();
  await removeServerFile(options.dataDir, process.pid);
  await composed.close();
  log.info('server stopped');
}
