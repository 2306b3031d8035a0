/** A webhook receiver that fails in one way at the first attempt of each message, and keeps a ledger of what it took. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { ReceiverFault } from '#test/fakes/receiver-faults.ts';

/** What it does at the first attempt of each message; afterwards it works. */
const FAULTS = {
  works: (_request, response) => void response.writeHead(204).end(),
  hangs: () => undefined,
  resets: ({ socket }) => void socket.resetAndDestroy(),
  throttles: (_request, response) => void response.writeHead(429, { 'retry-after': '5' }).end(),
  fails: (_request, response) => void response.writeHead(500).end('{"error":"later"}'),
  redirects: (_request, response) =>
    void response.writeHead(301, { location: 'http://127.0.0.1:9/' }).end(),
  is_gone: (_request, response) => void response.writeHead(410).end(),
  answers_html: (_request, response) =>
    void response.writeHead(400, { 'content-type': 'text/html' }).end('<h1>Bad request</h1>'),
  takes_and_drops: ({ socket }) => void socket.destroy(),
} as const satisfies Record<
  ReceiverFault,
  (request: IncomingMessage, response: ServerResponse) => void
>;

/** In these ways it has taken a message, whatever its sender thinks. */
const TAKING: ReadonlySet<ReceiverFault> = new Set(['works', 'takes_and_drops']);

export interface FaultyReceiver extends AsyncDisposable {
  /** Below it each name is a receiver of its own. */
  readonly url: string;
  /** The ids that were taken under a name, in order, each as often as it was: who honours ids takes each once. */
  takenBy(name: string): readonly string[];
  /** The next message under this name is taken and never answered; then this is called, once. */
  onNext(name: string, call: () => void): void;
}

/** `await using receiver = await startFaultyReceiver('hangs');` */
export async function startFaultyReceiver(fault: ReceiverFault): Promise<FaultyReceiver> {
  const taken = new Map<string, string[]>();
  const seen = new Set<string>();
  const calls = new Map<string, () => void>();

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const name = String(request.url).slice(1);
    const id = String(request.headers['webhook-id']);
    const call = calls.get(name);
    calls.delete(name);
    const way = seen.has(id) ? 'works' : fault;
    seen.add(id);
    if (call !== undefined || TAKING.has(way)) taken.set(name, [...(taken.get(name) ?? []), id]);
    if (call === undefined) FAULTS[way](request, response);
    else call();
  }

  const server = createServer((request, response) => {
    // Whoever sends may be killed at any moment.
    request.on('error', () => undefined);
    request.resume().once('end', () => answer(request, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    takenBy: (name) => taken.get(name) ?? [],
    onNext: (name, call) => void calls.set(name, call),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
