/** `GET /health_status` over real HTTP, with its answers held against the contract. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { createMetrics } from '#http/metrics/create-metrics.ts';
import { sha256Digest } from '#app/sha256-digest.ts';
import type { Channel } from '#domain/channel.ts';
import type { Policy } from '#monitor/deps.ts';
import type { KnownKey } from '#monitor/keyring.ts';
import { createLanes } from '#http/lanes.ts';
import type { ServerLimits } from '#http/limited-server.ts';
import { createFakeNotifiers } from '#test/fakes/notifiers.ts';
import { ISSUED_KEY, numbered, openMonitorWorld } from '#test/monitor/monitor-world.ts';
import type { AboutKey } from '#test/monitor/monitor-world.ts';

export type PublicWorld = Awaited<ReturnType<typeof openPublicWorld>>;

const ajv = new Ajv2020({ strict: false });
ajv.addSchema(
  JSON.parse(readFileSync('test/fixtures/contract/messaging-api-health.openapi.json', 'utf8')),
  'contract',
);
const validators = {
  answer: schema('health_status.GetHealthStatusResponse'),
  error: schema('utils.ErrorResp'),
};

function schema(name: string) {
  return ajv.compile({ $ref: `contract#/components/schemas/${name}` });
}

/** Whether a body is what the contract calls an answer. */
export function isByContract(text: string): boolean {
  return validators.answer(JSON.parse(text));
}

export interface PublicReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** Of an answer its top-level id, of anything else the sentence. */
  readonly says: string | undefined;
}

export interface PublicAsking {
  readonly method?: string;
  readonly path?: string;
  /** Null: none is sent. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** The channel *support* with one issued key; its nth good answer has the id n. */
export async function openPublicWorld(
  options: { policy?: Partial<Policy>; limits?: Partial<ServerLimits> } = {},
) {
  const monitorWorld = await openMonitorWorld(options.policy);
  const { clock, monitor, upstream } = monitorWorld;
  const support = await monitorWorld.addChannel();
  const key = await monitorWorld.addKey(support);
  upstream.answers(() =>
    numbered('phone-available', upstream.asked.length + upstream.askedFields.length),
  );
  const metrics = createMetrics({ version: '1.2.3' });
  const context = {
    monitor,
    clock,
    digest: sha256Digest,
    adminToken: { verify: () => Promise.resolve(false) },
    metricsToken: null,
    metrics,
    maintenance: monitorWorld.store.maintenance,
    incidentLinks: null,
    notifiers: createFakeNotifiers(),
    schedule: null,
    version: '1.2.3',
    ready: () => [],
  };
  const server = createLanes(
    context,
    options.limits === undefined ? {} : { limits: options.limits },
  );
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 });
  const port = Number(new URL(url).port);

  return {
    ...monitorWorld,
    server,
    metrics,
    context,
    /** One more on the same monitor; it does not listen yet. */
    anotherServer: () => createLanes(context),
    url,
    support,
    key,
    ask: (asking: PublicAsking = {}) => ask(port, asking),
    raw: (text: string) => raw(port, text),
    addKey: (channel: Channel, about?: AboutKey): Promise<KnownKey> =>
      monitorWorld.addKey(channel, about),
    async [Symbol.asyncDispose]() {
      await server.close();
      metrics.close();
      await monitorWorld[Symbol.asyncDispose]();
    },
  };
}

/** Lets real input and output go on until something is true. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns += 1) {
    assert.ok(turns < 100_000, 'it never came true');
    await setImmediate();
  }
}

async function ask(port: number, asking: PublicAsking): Promise<PublicReply> {
  const { method = 'GET', path = '/health_status', key = ISSUED_KEY, headers = {}, body } = asking;
  const sent = request({
    host: '127.0.0.1',
    port,
    method,
    path,
    agent: false,
    headers: { ...(key === null ? {} : { 'D360-API-KEY': key }), ...headers },
  });
  sent.end(body);
  const [response] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString();
  if (method === 'HEAD' || response.statusCode === 304) assert.equal(bytes.length, 0);
  else holdByContract(response.statusCode, text);
  return {
    status: response.statusCode,
    headers: response.headers,
    body: bytes,
    text,
    says: saidIn(text),
  };
}

/** What we write ourselves is always by the contract; a good body is the upstream's own. */
function holdByContract(status: number, text: string): void {
  if (status === 200) return;
  const value: unknown = JSON.parse(text);
  assert.ok(validators.error(value), text);
  assert.match(String(Object(value).error), /^[A-Z/(].*[^\s]$/su, text);
}

function saidIn(text: string): string | undefined {
  if (text === '') return undefined;
  const value = JSON.parse(text);
  return value.error ?? value.id;
}

/** All that comes back on one connection for these bytes, until the server or we end it. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(text, 'latin1');
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}
