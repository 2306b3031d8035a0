/**
 * The management API over real HTTP, on a real store, before two upstreams that answer what a test says.
 * Every answer is held against the OpenAPI document, and searched for secrets that went in.
 */
import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { openApiDocument } from '#api/openapi.ts';
import { API_PREFIX } from '#api/operation.ts';
import { OPERATIONS } from '#api/operations.ts';
import type { HttpContext, ReadinessCheck, TokenCheck } from '#http/context.ts';
import { createServer } from '#http/server.ts';
import { fanOut } from '#app/fan-out.ts';
import { createMetrics } from '#http/metrics/create-metrics.ts';
import { sha256Digest } from '#app/sha256-digest.ts';
import { DEFAULT_POLICY } from '#monitor/deps.ts';
import { createMonitor } from '#monitor/monitor.ts';
import { countOutbox } from '#monitor/telling/outbox-counts.ts';
import type { Events } from '#ports/events.ts';
import type { Store } from '#ports/store.ts';
import { metaWebhooks } from '#upstreams/graph/webhook/webhooks.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { createFakeDirectory } from '#test/fakes/directory.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import { createFakeNotifiers } from '#test/fakes/notifiers.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';
import { createFakeUpstream } from '#test/fakes/upstream.ts';

export const TOKEN = 'wha_the-token-of-the-administrator';

/** Parts of secrets that tests send; no answer may hold one. */
const CANARY = /canary/i;

const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3')));
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema(document, 'openapi');

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into JSON of many shapes
  readonly body: any;
}

export interface Asking {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null: none is sent. */
  readonly token?: string | null;
}

/** Without these nobody may read the metrics, and incidents have no pages. */
interface About {
  readonly metricsToken?: string;
  readonly incidentLinks?: HttpContext['incidentLinks'];
}

/** What a monitor has beside what a test sees or moves. */
const REST = { webhooks: metaWebhooks, digest: sha256Digest, policy: DEFAULT_POLICY };

export type World = Awaited<ReturnType<typeof startWorld>>;

/** `await using world = await startWorld();` */
export async function startWorld(about: About = {}) {
  const clock = createFakeClock();
  const testStore = await openTestStore({ clock });
  /** What reads of the store fail with; null while it works. */
  const broken: { store: Error | null } = { store: null };
  const store = breakable(testStore, broken);
  const upstreams = {
    graph: createFakeUpstream('graph'),
    dialog360: createFakeUpstream('dialog360'),
  };
  const directory = createFakeDirectory();
  const events: { readonly name: string; readonly event: unknown }[] = [];
  const metrics = createMetrics({ version: '1.2.3' });
  const recorder: Events = { emit: (name, event) => void events.push({ name, event }) };
  const monitor = createMonitor({
    ...REST,
    store,
    upstreams,
    directory,
    clock,
    ids: createFakeIds(),
    randomness: createFakeRandomness(),
    events: fanOut([recorder, metrics.events]),
  });
  const readiness: ReadinessCheck[] = [];
  watchFleet(metrics, monitor);
  const { maintenance } = testStore;
  const ready = () => readiness;
  const context = contextOf({ monitor, clock, metrics, maintenance, ready }, about);
  const server = createServer(context);
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 });
  const answered = new Set<string>();
  const ask = asker(url, answered);

  return {
    url,
    ask,
    /** Below the prefix of the management API. */
    api: (method: string, path: string, asking?: Asking) => ask(method, API_PREFIX + path, asking),
    clock,
    store: testStore,
    monitor,
    metrics,
    context,
    upstreams,
    directory,
    events,
    readiness,
    broken,
    /** The operations that gave a good answer. */
    answered,
    async [Symbol.asyncDispose]() {
      await server.close();
      metrics.close();
      await monitor.close();
      await testStore[Symbol.asyncDispose]();
    },
  };
}

function watchFleet(metrics: HttpContext['metrics'], monitor: HttpContext['monitor']): void {
  metrics.watch({
    fleet: () => monitor.fleet.counts(),
    outbox: () => countOutbox(monitor.deps),
    schedule: null,
  });
}

function contextOf(
  parts: Pick<HttpContext, 'monitor' | 'clock' | 'metrics' | 'maintenance' | 'ready'>,
  { metricsToken, incidentLinks = null }: About,
): HttpContext {
  return {
    ...parts,
    digest: sha256Digest,
    adminToken: only(TOKEN),
    metricsToken: metricsToken === undefined ? null : only(metricsToken),
    incidentLinks,
    notifiers: createFakeNotifiers(),
    schedule: null,
    version: '1.2.3',
  };
}

/** Takes this token alone. */
function only(right: string): TokenCheck {
  return { verify: (token) => Promise.resolve(token === right) };
}

/** The store, until `broken` holds an error with which reads fail. */
function breakable(store: Store, broken: { readonly store: Error | null }): Store {
  return {
    read: (work) => (broken.store ? Promise.reject(broken.store) : store.read(work)),
    scan: (work) => (broken.store ? Promise.reject(broken.store) : store.scan(work)),
    change: (work) => store.change(work),
    follow: (hear) => store.follow(hear),
    close: () => store.close(),
  };
}

/** Asks the server, and holds every answer against the document; `answered` takes the good ones. */
function asker(url: string, answered: Set<string>) {
  return async function ask(method: string, path: string, asking: Asking = {}): Promise<Reply> {
    const { body, token = TOKEN, headers = {} } = asking;
    const isText = typeof body === 'string';
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : isText ? body : JSON.stringify(body),
    });
    const text = await response.text();
    assert.doesNotMatch(text, CANARY, `${method} ${path} shows a secret`);
    const reply = { status: response.status, headers: response.headers, text, body: jsonOf(text) };
    if (path.startsWith(API_PREFIX)) {
      const operation = holdAgainstDocument(method, path, reply);
      if (operation !== null && response.ok) answered.add(operation);
    }
    return reply;
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Every answer is one that the document promises; gives the operation's name. */
function holdAgainstDocument(method: string, target: string, reply: Reply): string | null {
  assert.equal(reply.headers.get('cache-control'), 'no-store');
  if (!(reply.status >= 200 && reply.status < 300)) holdProblem(reply);
  const path = target.split('?', 1)[0] ?? '';
  const found = Object.entries(OPERATIONS).find(
    ([, operation]) => operation.method === method && patternOf(operation.path).test(path),
  );
  if (found === undefined) return null;
  const [name, operation] = found;
  const pointer = ['paths', API_PREFIX + operation.path, method.toLowerCase()];
  const promised = document.paths[API_PREFIX + operation.path][method.toLowerCase()].responses;
  const response = promised[reply.status];
  assert.ok(response, `${name}: ${reply.status} is not documented: ${reply.text}`);
  if (response.content === undefined) {
    assert.equal(reply.text, '', name);
    return name;
  }
  const [type = ''] = Object.keys(response.content);
  assert.ok(reply.headers.get('content-type')?.startsWith(type), name);
  pointer.push('responses', String(reply.status), 'content', type, 'schema');
  const $ref = `openapi#/${pointer.map(escaped).join('/')}`;
  const validate = ajv.compile({ $ref });
  assert.ok(validate(reply.body), `${name}: ${JSON.stringify(validate.errors)}`);
  holdWithoutExtras(name, reply);
  return name;
}

function holdProblem({ status, headers, body }: Reply): void {
  assert.equal(headers.get('content-type'), 'application/problem+json');
  assert.equal(body.status, status);
  assert.match(body.type, /^urn:waba-health:problem:[a-z_]+$/);
  assert.match(body.detail, /^\S.*\.$/su, body.detail);
  assert.doesNotMatch(body.detail, /\n\s+at |node_modules/);
}

/** Nothing is answered that the document does not name. */
function holdWithoutExtras(name: string, { status, body }: Reply): void {
  const operation = Object.entries(OPERATIONS).find(([other]) => other === name)?.[1];
  const schemas: Readonly<Record<number, { parse(value: unknown): unknown } | null>> =
    operation?.responses ?? {};
  const schema = schemas[status];
  if (schema) assert.deepEqual(schema.parse(body), body, name);
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${API_PREFIX}${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

function escaped(token: string): string {
  return encodeURIComponent(token.replaceAll('~', '~0').replaceAll('/', '~1'));
}
