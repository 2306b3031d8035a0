/** Passes requests on to a server and its answers back, byte for byte, and remembers what was asked. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

export interface RelayedRequest {
  readonly method: string;
  /** Path and query, as sent: what a log on the way would keep. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export class RecordingRelay implements AsyncDisposable {
  readonly seen: RelayedRequest[] = [];
  readonly #server: Server;
  readonly #to: URL;

  private constructor(to: string) {
    this.#to = new URL(to);
    this.#server = createServer((incoming, outgoing) => void this.#relay(incoming, outgoing));
  }

  /** Listens on 127.0.0.1 on a free port; `to` is an origin. */
  static async start(to: string): Promise<RecordingRelay> {
    const relay = new RecordingRelay(to);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    return `http://127.0.0.1:${address.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #relay(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url: target = '', headers } = incoming;
    const body = Buffer.concat(await Array.fromAsync(incoming));
    this.seen.push({ method, target, headers, body: body.toString() });
    const { hostname, port } = this.#to;
    const onward = request({ hostname, port, method, path: target, headers });
    onward.on('error', () => outgoing.destroy());
    onward.on('response', (reply) => {
      outgoing.writeHead(reply.statusCode ?? 500, reply.rawHeaders);
      reply.on('error', () => outgoing.destroy());
      reply.pipe(outgoing);
    });
    onward.end(body);
  }
}
