/** A real installation: simulator and server as processes, the server managed through its own API. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createClient } from '#client/create-client.ts';
import { SERVER_CORE, start } from '#bench/child.ts';
import type { Child } from '#bench/child.ts';
import type { Target } from '#bench/load/load.ts';
import { keyOf, numberIdOf, startUpstream, TOKEN } from './upstream.ts';
import type { SimulatedUpstream } from './upstream.ts';

const SOURCE = join(import.meta.dirname, '..', '..', 'src');
/** A day: nothing falls due while we measure. */
const CHECK_INTERVAL_SECONDS = 86_400;
const START_MS_MAX = 30_000;
const CREATING_AT_ONCE = 8;

export interface Installation extends AsyncDisposable {
  /** The server's process. */
  readonly pid: number;
  /** A key whose answer is stored. */
  readonly warm: Target;
  /** Where the upstream answers `/health_status` itself. */
  readonly upstreamUrl: string;
  upstreamReads(): Promise<number>;
  /** A channel that was never read; its upstream takes `delayMs` to answer. */
  addColdChannel(delayMs: number): Promise<Target>;
  addChannels(count: number): Promise<void>;
  /** Stops and starts the server; the time from its start to the first good answer, in ms. */
  restart(): Promise<number>;
}

/** `channels` is how many channels `addChannels` may be asked for. */
export async function startInstallation(folder: string, channels: number): Promise<Installation> {
  const upstream = await startUpstream(Math.max(channels, 2));
  const server = new RealServer(join(folder, 'data'), upstream);
  const stop = async (): Promise<void> => {
    await server.stop();
    await upstream.stop();
  };
  try {
    await server.start('127.0.0.1:0');
    await server.addChannel('warm', { key: keyOf(0), check: true });
  } catch (error) {
    await stop();
    throw error;
  }
  const warm = { url: `${server.url}/health_status`, key: keyOf(0) };
  return {
    warm,
    upstreamUrl: `${upstream.dialog360}/health_status`,
    get pid() {
      return server.pid;
    },
    upstreamReads: () => upstream.reads(),
    async addColdChannel(delayMs) {
      const key = keyOf(1);
      await upstream.delay(key, delayMs);
      await server.addChannel('cold', { key, check: false });
      return { url: warm.url, key };
    },
    addChannels: (count) => server.addGraphChannels(count),
    async restart() {
      await server.stop();
      const started = performance.now();
      const { host } = new URL(warm.url);
      void server.start(host);
      await firstAnswer(warm);
      const took = performance.now() - started;
      await server.ready;
      return took;
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function firstAnswer({ url, key }: Target): Promise<void> {
  const deadline = performance.now() + START_MS_MAX;
  while (performance.now() < deadline) {
    const response = await fetch(url, { headers: { 'D360-API-KEY': key } }).catch(() => null);
    await response?.arrayBuffer();
    if (response?.status === 200) return;
    await pause();
  }
  throw new Error(`${url} gave no good answer after its start`);
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The server as a process of its own. */
export class RealServer {
  url = '';
  ready: Promise<void> = Promise.resolve();
  readonly #dataDir: string;
  readonly #upstream: Pick<SimulatedUpstream, 'graph' | 'dialog360'>;
  #child: Child | null = null;

  constructor(dataDir: string, upstream: Pick<SimulatedUpstream, 'graph' | 'dialog360'>) {
    this.#dataDir = dataDir;
    this.#upstream = upstream;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(listen: string): Promise<void> {
    const { dialog360, graph } = this.#upstream;
    const upstreams = ['--dialog360-url', dialog360, '--graph-url', graph];
    const where = ['--data-dir', this.#dataDir, '--listen', listen, '--log-level', 'error'];
    // What is measured is serving: nobody else may cause a read.
    const roles = ['--roles', 'api'];
    const main = join(SOURCE, 'cli', 'main.ts');
    const child = start([process.execPath, main, 'serve', ...where, ...roles, ...upstreams], {
      core: SERVER_CORE,
    });
    this.#child = child;
    this.ready = this.#readAddress(child.pid);
    await this.ready;
  }

  /** Waits for the file in which the server says where it listens. */
  async #readAddress(pid: number): Promise<void> {
    const deadline = performance.now() + START_MS_MAX;
    while (performance.now() < deadline) {
      const text = await readFile(join(this.#dataDir, 'server.json'), 'utf8').catch(() => '{}');
      const { data } = SERVER_FILE.safeParse(JSON.parse(text || '{}'));
      if (data?.pid === pid) {
        this.url = data.url;
        return;
      }
      await pause();
    }
    throw new Error('the server did not start');
  }

  async stop(): Promise<void> {
    await this.#child?.stop();
  }

  async addChannel(name: string, { key, check }: { key: string; check: boolean }): Promise<void> {
    const client = await this.client();
    await client.putChannel({
      params: { ref: name },
      body: {
        upstream: 'dialog360',
        credential: { secret: key },
        check_interval_seconds: CHECK_INTERVAL_SECONDS,
        check,
      },
    });
  }

  /** Channels that were never read, on one credential. */
  async addGraphChannels(count: number): Promise<void> {
    const client = await this.client();
    await client.putCredential({
      params: { ref: 'fleet' },
      body: { upstream: 'graph', secret: TOKEN },
    });
    const ids = Array.from({ length: count }, (_, index) => numberIdOf(index)).values();
    const worker = async (): Promise<void> => {
      for (const id of ids) {
        await client.putChannel({
          params: { ref: `n-${id}` },
          body: { upstream: 'graph', credential: { ref: 'fleet' }, node_id: id, check: false },
        });
      }
    };
    await Promise.all(Array.from({ length: CREATING_AT_ONCE }, worker));
  }

  async client() {
    const token = await readFile(join(this.#dataDir, 'admin.token'), 'utf8');
    return createClient({ baseUrl: this.url, token: token.trim(), timeoutMs: 30_000 });
  }
}

const SERVER_FILE = z.object({ pid: z.int(), url: z.url() });
