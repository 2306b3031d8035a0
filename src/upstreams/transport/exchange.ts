/**
 * One question and its answer, as undici's dispatcher reports it: collects the body up to its limit,
 * ends at the deadline whatever has arrived by then, and settles exactly once. It listens to
 * `dispatch` itself instead of `request`: without a stream per body a read costs a quarter less CPU.
 */
import type { Dispatcher } from 'undici';
import type { Failure } from '#domain/failure.ts';
import type { Timer } from '#ports/clock.ts';
import { tooLarge } from './answer-size.ts';
import { failureOf } from './failure-of.ts';
import { networkFailure } from './network-failure.ts';
import type { Peer } from './peer.ts';
import { headerOf } from './reply.ts';
import type { Reply, ReplyHeaders } from './reply.ts';

/** `path` begins with a slash and holds the query; `headers` alternates names and values. */
export interface Request {
  readonly path: string;
  readonly headers: string[];
  /** What a POST sends; without it the request is a GET. */
  readonly body?: string;
  /** The most bytes that its answer may have, where that is not what all others may. */
  readonly answerBytesMax?: number;
  /** From now to the last byte, in ms. */
  readonly timeoutMs: number;
}

/** What an exchange tells the one who started it; each at most once. */
export interface ExchangeOwner {
  readonly peer: Peer;
  readonly bodyBytesMax: number;
  /** Its promise is settled; the connection may still be busy. */
  settled(exchange: Exchange): void;
  /** undici is done with it: its connection is free or gone. */
  released(exchange: Exchange): void;
}

/** Why undici is told to drop a request. Never shown: the exchange has settled by then. */
const DROPPED = new Error('The request was dropped.');
const NO_HEADERS: ReplyHeaders = {};

export class Exchange implements Dispatcher.DispatchHandler {
  readonly request: Request;
  readonly #owner: ExchangeOwner;
  readonly #resolve: (reply: Reply) => void;
  readonly #bytesMax: number;
  #timer: Timer | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #status: number | null = null;
  #headers: ReplyHeaders = NO_HEADERS;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #settled = false;
  #released = false;

  constructor(owner: ExchangeOwner, request: Request, resolve: (reply: Reply) => void) {
    this.#owner = owner;
    this.request = request;
    this.#resolve = resolve;
    this.#bytesMax = request.answerBytesMax ?? owner.bodyBytesMax;
  }

  /** Gives it the timer of its deadline, to be cancelled when it settles before. */
  limitBy(timer: Timer): void {
    if (this.#settled) timer.cancel();
    else this.#timer = timer;
  }

  /** Ends it: whatever has arrived is dropped, and so is its connection. */
  fail(failure: Failure): void {
    this.#settle({ ok: false, failure });
    this.#controller?.abort(DROPPED);
  }

  /** Its time is over. */
  expire(): void {
    const { host } = this.#owner.peer;
    const within = `within ${this.request.timeoutMs} ms`;
    const detail =
      this.#status === null
        ? `${host} did not answer ${within}.`
        : `${host} did not finish its answer ${within}: ${this.#size} bytes of the body came.`;
    this.fail(failureOf('timeout', detail, { httpStatus: this.#status }));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(DROPPED);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ReplyHeaders,
  ): void {
    if (this.#settled || status < 200) return;
    this.#status = status;
    this.#headers = headers;
    const encoding = headerOf(headers, 'content-encoding');
    if (encoding !== null && !/^\s*(identity)?\s*$/i.test(encoding)) {
      const what = 'a compressed body, although it was asked for a plain one';
      const detail = `${this.#owner.peer.host} answered ${status} with ${what}.`;
      this.fail(failureOf('malformed_answer', detail, { httpStatus: status }));
    } else if (Number(headerOf(headers, 'content-length')) > this.#bytesMax) {
      this.#refuseSize(status);
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#size += chunk.length;
    if (this.#size <= this.#bytesMax) this.#chunks.push(chunk);
    else if (this.#status !== null) this.#refuseSize(this.#status);
  }

  onResponseEnd(): void {
    this.#controller = null;
    if (this.#status !== null) {
      const body = joined(this.#chunks, this.#size);
      this.#settle({ ok: true, status: this.#status, headers: this.#headers, body });
    }
    this.#release();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#controller = null;
    const { peer } = this.#owner;
    if (!this.#settled) {
      const failure = networkFailure(error, { peer, status: this.#status, bytes: this.#size });
      this.#settle({ ok: false, failure });
    }
    this.#release();
  }

  #refuseSize(status: number): void {
    this.fail(tooLarge(this.#owner.peer, status, this.#bytesMax));
  }

  #settle(reply: Reply): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#timer?.cancel();
    this.#chunks = [];
    this.#owner.settled(this);
    this.#resolve(reply);
  }

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#owner.released(this);
  }
}

/** A copy of its own: the chunks are windows into larger buffers, which a kept body would keep alive. */
function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
