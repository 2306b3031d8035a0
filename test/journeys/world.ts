/** A whole installation for a journey: simulator, server and command line, each a process of its own. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TemporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { CLI_MAIN, run, startProcess } from './child.ts';
import type { Ended, RunOptions, Running } from './child.ts';

const SIMULATOR_MAIN = fileURLToPath(import.meta.resolve('#simulator/main.ts'));
const CALL_LIMIT_MS = 30_000;

/** Acme with three numbers on one WABA, and Umbrella with one; each number has a 360dialog key. */
export const ACME = {
  token: 'EAAacme0000000000000000canary1',
  appSecret: 'app-secret-canary6-0123456789abcdef',
  support: { id: '106540352242922', key: 'support-key-canary2-0123456789' },
  sales: { id: '106540352242923', key: 'sales-key-canary3-0123456789ab' },
  orders: { id: '106540352242924', key: 'orders-key-canary4-0123456789a' },
} as const;
export const UMBRELLA = { id: '206540352242999', key: 'umbrella-key-canary5-012345678' } as const;

const WORLD_FILE = {
  apps: [{ id: '900000000000001', name: 'acme-app', secret: ACME.appSecret }],
  businesses: [
    { id: '300000000000001', name: 'acme' },
    { id: '300000000000002', name: 'umbrella' },
  ],
  wabas: [
    { id: '102290129340398', name: 'acme-waba', business: 'acme' },
    { id: '202290129340398', name: 'umbrella-waba', business: 'umbrella' },
  ],
  numbers: [
    { ...ACME.support, name: 'support', waba: 'acme-waba', calling: 'available' },
    { ...ACME.sales, name: 'sales', waba: 'acme-waba' },
    { ...ACME.orders, name: 'orders', waba: 'acme-waba' },
    { ...UMBRELLA, name: 'umbrella-care', waba: 'umbrella-waba' },
  ],
  tokens: [{ text: ACME.token, app: 'acme-app', wabas: ['acme-waba'] }],
  // Numbers without a story, with the keys that `simulatedKey` gives.
  generate: { numbers: 40 },
};

/** The 360dialog key of a number without a story, 0 to 39. */
export function simulatedKey(index: number): string {
  return `simkey-${String(index).padStart(16, '0')}`;
}

/** Its id at Meta, and the token that can read all of them. */
export function simulatedNode(index: number): string {
  return String(100_000_000_000_000 + index);
}

export const simulatedToken = 'EAAsim0000000000000000';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface World extends AsyncDisposable {
  readonly dataDir: string;
  /** Everything of this world that lies on the disk. */
  readonly directory: string;
  /** The running server. Throws when none runs. */
  server(): Running & { readonly url: string };
  startServer(extra?: readonly string[]): Promise<void>;
  /** Asks it to stop and waits for its end. */
  stopServer(signal?: NodeJS.Signals): Promise<Ended>;
  /** A command against this world's server, to its end. */
  cli(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** A GET (unless said otherwise) of a path of the server. */
  get(
    path: string,
    headers?: Readonly<Record<string, string>>,
    method?: string,
  ): Promise<HttpAnswer>;
  /** The management API, with the administrator's token. */
  api(method: string, path: string, body?: unknown): Promise<HttpAnswer>;
  /** The public route with this key. */
  health(key: string, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  /** Does something to the simulated world. */
  act(...actions: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  /** How often the simulator was asked about this node (name or id), or with this key. */
  readsOf(ref: string): Promise<number>;
  readonly adminToken: () => string;
}

/** `await using world = await startWorld();` – `serve: false` starts the simulator only. */
export async function startWorld({
  serve = true,
  args = [],
}: { serve?: boolean; args?: readonly string[] } = {}): Promise<World> {
  await using opened = new AsyncDisposableStack();
  const directory = opened.use(temporaryDirectory());
  const simulator = opened.use(startSimulator(directory));
  const ready: unknown = JSON.parse(await simulator.line(/^\{/));
  assert.ok(typeof ready === 'object' && ready !== null);
  const where = { graph: '', dialog360: '', control: '', ...ready };
  const world = new InstalledWorld(directory.path, where, args);
  opened.use(world);
  if (serve) await world.startServer();
  const all = opened.move();
  return Object.assign(world, { [Symbol.asyncDispose]: () => all.disposeAsync() });
}

function startSimulator(directory: TemporaryDirectory): Running {
  const file = join(directory.path, 'world.json');
  writeFileSync(file, JSON.stringify(WORLD_FILE));
  return startProcess(SIMULATOR_MAIN, ['--world', file, '--no-quotas', '--until-stdin-ends']);
}

class InstalledWorld implements World {
  readonly dataDir: string;
  readonly directory: string;
  readonly #where: Readonly<Record<'graph' | 'dialog360' | 'control', string>>;
  readonly #args: readonly string[];
  #server: (Running & { readonly url: string }) | null = null;

  constructor(
    directory: string,
    where: Readonly<Record<'graph' | 'dialog360' | 'control', string>>,
    args: readonly string[],
  ) {
    this.directory = directory;
    this.dataDir = join(directory, 'data');
    this.#where = where;
    this.#args = args;
  }

  server(): Running & { readonly url: string } {
    assert.ok(this.#server !== null, 'the server of this world runs');
    return this.#server;
  }

  async startServer(extra: readonly string[] = []): Promise<void> {
    const process = startProcess(CLI_MAIN, [...this.serveArgs(), ...extra]);
    try {
      const line = await process.line(/listens on/);
      const url = /http:\S+/.exec(line)?.[0] ?? '';
      this.#server = { ...process, url };
    } catch (error) {
      await process[Symbol.asyncDispose]();
      throw error;
    }
  }

  serveArgs(): readonly string[] {
    const { graph, dialog360 } = this.#where;
    const where = ['--data-dir', this.dataDir, '--listen', '127.0.0.1:0'];
    const upstreams = ['--graph-url', graph, '--dialog360-url', dialog360];
    // Rejections of the simulator are real, so the read that confirms one may follow at once.
    const rest = ['--confirm-after', '0s', '--log-level', 'debug', ...this.#args];
    return ['serve', ...where, ...upstreams, ...rest];
  }

  async stopServer(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    const server = this.server();
    server.kill(signal);
    const ended = await server.ended();
    this.#server = null;
    return ended;
  }

  async cli(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return run(CLI_MAIN, [...args, '--data-dir', this.dataDir], options);
  }

  async get(
    path: string,
    headers: Readonly<Record<string, string>> = {},
    method = 'GET',
  ): Promise<HttpAnswer> {
    return call(`${this.server().url}${path}`, { method, headers });
  }

  async api(method: string, path: string, body?: unknown): Promise<HttpAnswer> {
    return call(`${this.server().url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.adminToken()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async health(key: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    return this.get('/health_status', { 'd360-api-key': key, ...headers });
  }

  async act(...actions: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    const { status, body } = await call(`${this.#where.control}/actions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(actions),
    });
    assert.equal(status, 200, body);
  }

  async readsOf(ref: string): Promise<number> {
    const { body } = await call(`${this.#where.control}/counters/${ref}`, { method: 'GET' });
    const said: unknown = JSON.parse(body);
    assert.ok(typeof said === 'object' && said !== null && 'reads' in said, body);
    return Number(said.reads);
  }

  readonly adminToken = (): string => {
    const file = join(this.dataDir, 'admin.token');
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
  }
}

interface CallOptions {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One HTTP request on a connection of its own, its answer read whole. */
export async function call(
  url: string,
  { body = '', ...options }: CallOptions,
): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const signal = AbortSignal.timeout(CALL_LIMIT_MS);
  request(url, { ...options, agent: false, signal })
    .on('response', resolve)
    .on('error', reject)
    .end(body);
  const response = await promise;
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

/** Waits, a turn of the event loop at a time, until it is so; the limit is that of a call. */
export async function waitUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const limit = AbortSignal.timeout(CALL_LIMIT_MS);
  while (!(await isSo())) {
    limit.throwIfAborted();
    await setImmediate();
  }
}
