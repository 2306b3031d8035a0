/** The servers to compare, each proven to give the same answer before anything is measured. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { SERVER_CORE, start } from '#bench/child.ts';
import type { Child } from '#bench/child.ts';
import type { Target } from '#bench/load/load.ts';
import type { Installation } from './installation.ts';
import { startNginx } from './nginx.ts';

export interface Server {
  readonly name: 'waba-health' | 'node' | 'nginx';
  readonly pid: number;
  readonly target: Target;
}

export interface Peers extends AsyncDisposable {
  readonly servers: readonly Server[];
  stop(): Promise<void>;
}

export interface PeersOptions {
  readonly installation: Installation;
  readonly folder: string;
  /** The program; null where it is not installed. */
  readonly nginx: string | null;
}

export async function startPeers(options: PeersOptions): Promise<Peers> {
  const { installation } = options;
  const { key } = installation.warm;
  const body = await answerOf(installation.warm);
  const bare = await startBare(key, body);
  const children = [bare.child];
  const servers: Server[] = [
    { name: 'waba-health', pid: installation.pid, target: installation.warm },
    { name: 'node', pid: bare.child.pid, target: { url: bare.url, key } },
  ];
  if (options.nginx !== null) {
    const upstream = installation.upstreamUrl;
    const folder = join(options.folder, 'nginx');
    const nginx = await startNginx({ program: options.nginx, folder, upstream, core: SERVER_CORE });
    children.push(nginx.child);
    servers.push({ name: 'nginx', pid: nginx.child.pid, target: { url: nginx.url, key } });
  }
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.stop()));
  };
  try {
    for (const { name, target } of servers) await prove(name, target, body);
  } catch (error) {
    await stop();
    throw error;
  }
  return { servers, stop, [Symbol.asyncDispose]: stop };
}

async function startBare(key: string, body: Buffer): Promise<{ child: Child; url: string }> {
  const keyHash = createHash('sha256').update(key).digest('hex');
  const child = start([process.execPath, join(import.meta.dirname, 'bare-server.ts')], {
    core: SERVER_CORE,
    input: JSON.stringify({ keyHash, body: body.toString('base64') }),
  });
  const { url } = z.object({ url: z.url() }).parse(JSON.parse(await child.line(/^\{/)));
  return { child, url: `${url}/health_status` };
}

/** The same bytes for the key, and a refusal of another one. */
async function prove(name: string, { url, key }: Target, body: Buffer): Promise<void> {
  const answer = await answerOf({ url, key });
  if (!answer.equals(body)) throw new Error(`${name} answers something else: ${answer.toString()}`);
  const other = await fetch(url, { headers: { 'D360-API-KEY': `${key}x` } });
  if (other.status !== 401) throw new Error(`${name} answers ${other.status} to a wrong key`);
}

const READY_MS_MAX = 10_000;

/** The body of a 200; waits for a server that does not listen yet. */
async function answerOf({ url, key }: Target): Promise<Buffer> {
  const deadline = performance.now() + READY_MS_MAX;
  for (;;) {
    const response = await fetch(url, { headers: { 'D360-API-KEY': key } }).catch(() => null);
    if (response?.status === 200) return Buffer.from(await response.arrayBuffer());
    if (performance.now() > deadline) {
      throw new Error(`${url} answers ${response?.status ?? 'nothing'} instead of 200`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
