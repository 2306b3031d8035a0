/** The HTTP server: routes by the first part of the path, and lets faults strike on the way out. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';

import type { Control } from './control.ts';
import { controlReply } from './control-routes.ts';
import { exchangeWithDialog360 } from './dialog360.ts';
import { strickenReply } from './fault-effect.ts';
import type { FaultSpec } from './faults.ts';
import { exchangeWithGraph } from './graph.ts';
import type { Exchange, Incoming } from './incoming.ts';
import type { Reply } from './reply.ts';
import { jsonReply } from './reply.ts';
import type { SimulatorState } from './state.ts';

export interface Running {
  readonly state: SimulatorState;
  readonly control: Control;
}

type Upstream = (state: SimulatorState, incoming: Incoming) => Exchange;

const UPSTREAMS: Readonly<Record<string, Upstream>> = {
  graph: exchangeWithGraph,
  dialog360: exchangeWithDialog360,
};
const BODY_BYTES_MAX = 4 * 1024 * 1024;
/** Longer than a client keeps an idle connection, so that none is closed under its next request. */
const KEEP_ALIVE_MS = 75_000;

export function createSimulatorServer(running: Running): Server {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const http = { request, response };
    if (request.method === 'GET' || request.method === 'HEAD') answer(running, http, '');
    else collect(http, (body) => answer(running, http, body));
  });
  server.requestTimeout = KEEP_ALIVE_MS;
  return server;
}

interface Http {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function collect({ request, response }: Http, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  });
  request.on('end', () => {
    if (bytes <= BODY_BYTES_MAX) done(Buffer.concat(chunks).toString());
    else write(response, jsonReply(413, { error: 'A body may have 4 MiB at most.' }));
  });
  request.on('error', () => response.destroy());
}

function answer(running: Running, { request, response }: Http, body: string): void {
  const { name, incoming } = incomingOf(request, body);
  if (name === 'control') {
    const peer = request.socket.remoteAddress ?? '';
    write(response, controlReply(running, { ...incoming, peer }));
    return;
  }
  const upstream = UPSTREAMS[name];
  if (!upstream) write(response, NOT_HERE);
  else serve(running.state, { upstream, incoming }, response);
}

const NOT_HERE = jsonReply(404, {
  error: 'Nothing is here; the simulator answers under /graph, /dialog360 and /control.',
});

function serve(
  state: SimulatorState,
  { upstream, incoming }: { upstream: Upstream; incoming: Incoming },
  response: ServerResponse,
): void {
  const { counters, faults, trace, clock } = state;
  counters.begin();
  response.once('close', () => counters.end());
  const { reply, subject } = upstream(state, incoming);
  if (faults.none) {
    write(response, reply);
    return;
  }
  const struck = faults.strike(['request', 'connection'], subject);
  const traceId = trace.next();
  const stricken = struck.reduce(
    (before, fault) =>
      fault.level === 'request'
        ? strickenReply(fault, { reply: before, subject, traceId })
        : before,
    reply,
  );
  for (const _ of struck) counters.fault();
  const delayMs = struck.reduce((sum, { kind, ms }) => (kind === 'delay' ? sum + ms : sum), 0);
  if (delayMs === 0) send(response, stricken, struck);
  else clock.after(delayMs, () => send(response, stricken, struck));
}

/** Writes the reply unless a fault says that it hangs, breaks off or is cut. */
function send(response: ServerResponse, reply: Reply, struck: readonly FaultSpec[]): void {
  const fatal = struck.find(({ kind, level }) => kind === 'hang' || level === 'connection');
  if (response.destroyed) return;
  if (!fatal) {
    write(response, reply);
    return;
  }
  const isWhole = fatal.kind === 'hang' && fatal.level === 'request';
  if (isWhole) return;
  if (fatal.kind === 'reset' && fatal.after === 'nothing') {
    response.socket?.resetAndDestroy();
    return;
  }
  const bytes = Buffer.from(reply.body);
  response.writeHead(reply.status, headersOf(reply, bytes.length));
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => breakOff(response, fatal));
}

function breakOff(response: ServerResponse, { kind }: FaultSpec): void {
  if (kind === 'reset') response.socket?.resetAndDestroy();
  else if (kind === 'truncated') response.socket?.destroySoon();
}

function write(response: ServerResponse, reply: Reply): void {
  const length = Buffer.byteLength(reply.body);
  response.writeHead(reply.status, headersOf(reply, length));
  // All ASCII when every character is one byte: then the cheaper encoding gives the same bytes.
  response.end(reply.body, length === reply.body.length ? 'latin1' : 'utf8');
}

function headersOf({ headers }: Reply, length: number): string[] {
  return [...headers, 'content-length', String(length)];
}

/** `/graph/v26.0/1?fields=x` as upstream `graph`, path `v26.0/1` and query. */
function incomingOf(request: IncomingMessage, body: string): { name: string; incoming: Incoming } {
  const { method = 'GET', url = '/', headers } = request;
  const queryAt = url.indexOf('?');
  const whole = queryAt < 0 ? url : url.slice(0, queryAt);
  const slashAt = whole.indexOf('/', 1);
  const name = slashAt < 0 ? whole.slice(1) : whole.slice(1, slashAt);
  return {
    name,
    incoming: {
      method,
      path: slashAt < 0 ? '' : whole.slice(slashAt + 1),
      query: new URLSearchParams(queryAt < 0 ? '' : url.slice(queryAt + 1)),
      headers,
      body,
      base: `http://${headers.host ?? 'localhost'}/${name}`,
    },
  };
}
