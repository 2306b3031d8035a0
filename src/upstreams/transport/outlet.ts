/**
 * The way out to one origin: so many connections, and behind them a queue with an end. The queue is
 * ours and not undici's, because a request that expires in undici's costs the connection it would
 * have been sent on.
 */
import type { Dispatcher } from 'undici';
import type { Clock } from '#ports/clock.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeOwner, Request } from './exchange.ts';
import { failureOf } from './failure-of.ts';
import type { Peer } from './peer.ts';
import type { Reply } from './reply.ts';

export interface OutletOptions {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly peer: Peer;
  readonly clock: Clock;
  readonly connections: number;
  readonly waitingMax: number;
  readonly bodyBytesMax: number;
}

export class Outlet implements ExchangeOwner {
  readonly peer: Peer;
  readonly bodyBytesMax: number;
  readonly #options: OutletOptions;
  readonly #open = new Set<Exchange>();
  readonly #waiting = new Set<Exchange>();
  #active = 0;
  #closed = false;

  constructor(options: OutletOptions) {
    this.#options = options;
    this.peer = options.peer;
    this.bodyBytesMax = options.bodyBytesMax;
  }

  /** Asks. Resolves with the answer, whatever its status, or with why there is none; never rejects. */
  ask(request: Request): Promise<Reply> {
    return new Promise((resolve) => {
      const exchange = new Exchange(this, request, resolve);
      this.#open.add(exchange);
      if (this.#closed) return exchange.fail(this.#closing());
      if (request.timeoutMs <= 0) return exchange.expire();
      exchange.limitBy(this.#options.clock.after(request.timeoutMs, () => exchange.expire()));
      if (this.#active < this.#options.connections) this.#send(exchange);
      else if (this.#waiting.size < this.#options.waitingMax) this.#waiting.add(exchange);
      else exchange.fail(this.#crowded());
    });
  }

  /** Ends what is under way as `unreachable` and closes all connections. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const exchange of this.#open) exchange.fail(this.#closing());
    await this.#options.dispatcher.destroy();
  }

  settled(exchange: Exchange): void {
    this.#open.delete(exchange);
    this.#waiting.delete(exchange);
  }

  released(): void {
    this.#active -= 1;
    const [next] = this.#waiting;
    if (next === undefined || this.#closed) return;
    this.#waiting.delete(next);
    this.#send(next);
  }

  #send(exchange: Exchange): void {
    this.#active += 1;
    const { path, headers, body } = exchange.request;
    const { dispatcher, origin } = this.#options;
    const method = body === undefined ? 'GET' : 'POST';
    dispatcher.dispatch({ origin, path, method, headers, body: body ?? null }, exchange);
  }

  #closing() {
    const detail = `${this.peer.host} is no longer asked: this program is closing its connections.`;
    return failureOf('unreachable', detail);
  }

  #crowded() {
    const { waitingMax } = this.#options;
    const detail = `${this.peer.host} was not asked: ${waitingMax} questions are waiting already.`;
    return failureOf('timeout', detail);
  }
}
