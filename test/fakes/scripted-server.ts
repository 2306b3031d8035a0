/**
 * A server that answers exactly what a test says, byte by byte: also what no HTTP library would send.
 * It listens on 127.0.0.1 on a free port and remembers every request.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

export interface SeenRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** As sent, in Latin-1; empty without one. */
  readonly body: string;
  /** Which connection it came on, counted from 1. */
  readonly connection: number;
}

/** Answers one request by writing to the socket, or does not. */
export type Script = (socket: Socket, request: SeenRequest) => void;

export const TEST_CERTIFICATE = readFileSync(
  new URL('../fixtures/tls/for-tests-only.cert.pem', import.meta.url),
  'utf8',
);
export const TEST_KEY = readFileSync(
  new URL('../fixtures/tls/for-tests-only.key.pem', import.meta.url),
  'utf8',
);

export class ScriptedServer implements AsyncDisposable {
  readonly seen: SeenRequest[] = [];
  /** How many connections were made. */
  connections = 0;
  script: Script;
  readonly #server: Server;
  readonly #scheme: string;
  readonly #sockets = new Set<Socket>();
  #onRequest: (() => void)[] = [];
  #last: { readonly socket: Socket; readonly request: SeenRequest } | null = null;

  private constructor(script: Script, tls: boolean) {
    this.script = script;
    this.#scheme = tls ? 'https' : 'http';
    const listener = (socket: Socket): void => this.#serve(socket);
    this.#server = tls
      ? createTlsServer({ cert: TEST_CERTIFICATE, key: TEST_KEY }, listener)
      : createServer(listener);
    // A client that refuses the certificate is what some tests are about.
    this.#server.on('tlsClientError', () => undefined);
  }

  static async start(script: Script, { tls = false } = {}): Promise<ScriptedServer> {
    const server = new ScriptedServer(script, tls);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    return address.port;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`;
  }

  /** Resolves once `count` requests have come in all. */
  async requests(count: number): Promise<void> {
    while (this.seen.length < count) {
      await new Promise<void>((resolve) => this.#onRequest.push(resolve));
    }
  }

  /** Answers the last request after all. Precondition: there was one. */
  answerLast(script: Script): void {
    if (this.#last === null) throw new Error('nothing was asked yet');
    script(this.#last.socket, this.#last.request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    this.connections += 1;
    const connection = this.connections;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
        const head = headOf(text.slice(0, end));
        const bodyEnd = end + 4 + Number(head.headers['content-length'] ?? 0);
        if (text.length < bodyEnd) return;
        const request = { ...head, body: text.slice(end + 4, bodyEnd), connection };
        text = text.slice(bodyEnd);
        if (request.method === 'CONNECT') socket.off('data', onData);
        this.#take(socket, request);
      }
    };
    socket.on('data', onData);
  }

  #take(socket: Socket, request: SeenRequest): void {
    this.seen.push(request);
    this.#last = { socket, request };
    const waiting = this.#onRequest;
    this.#onRequest = [];
    this.script(socket, request);
    for (const resolve of waiting) resolve();
  }
}

function headOf(head: string): Pick<SeenRequest, 'method' | 'target' | 'headers'> {
  const [first = '', ...lines] = head.split('\r\n');
  const [method = '', target = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { method, target, headers };
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A script that gives this answer to each request. */
export function answers({ status = 200, headers = {}, body = '' }: ScriptedAnswer): Script {
  const bytes = Buffer.from(body);
  const lines = Object.entries({
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`HTTP/1.1 ${status} Word\r\n${lines.join('')}\r\n`, 'latin1');
  return (socket) => void socket.write(Buffer.concat([head, bytes]));
}

/** A script that gives this answer, with an object as its JSON body. */
export function answersJson(value: unknown, answer: ScriptedAnswer = {}): Script {
  return answers({ ...answer, body: JSON.stringify(value) });
}

/** Never answers. */
export const silence: Script = () => undefined;
