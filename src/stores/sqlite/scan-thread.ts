/** The thread that scans, seen from the one that asks: started when first needed, closed with the store. */
import { Worker } from 'node:worker_threads';
import { Problem } from '#domain/problem.ts';
import { translateEngineError } from './engine-error.ts';
import type { ScanReply, ScanRequest, ScanRows } from './scan-protocol.ts';

/** How long it may take to close its connection. Nothing is lost when it is ended: it only reads. */
const CLOSE_MS_MAX = 5_000;

interface Waiter {
  readonly resolve: (rows: ScanRows) => void;
  readonly reject: (error: Error) => void;
}

/** One life of the thread. When it ends, whatever it was asked ends with an error, and nothing else does. */
export class ScanThread {
  readonly #worker: Worker;
  readonly #waiting: Waiter[] = [];
  readonly #exit: Promise<void>;
  #cause: unknown = null;
  #ended = false;

  constructor(databasePath: string, program: URL) {
    this.#worker = new Worker(program, { workerData: databasePath });
    this.#worker.unref();
    this.#worker.on('message', (reply: ScanReply) => this.#take(reply));
    this.#worker.on('error', (error) => {
      this.#cause = error;
    });
    this.#exit = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#end();
        resolve();
      });
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Runs one statement. Problem `store_unavailable` when the thread ends before it answers. */
  run(request: ScanRequest): Promise<ScanRows> {
    if (this.#ended) return Promise.reject(this.#lost());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      // It keeps the process alive as long as somebody waits for it.
      this.#worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.#worker.postMessage(request);
    });
  }

  /** Closes its connection and waits for its end. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#worker.ref();
    const end = setTimeout(() => void this.#worker.terminate(), CLOSE_MS_MAX);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage('close');
    await this.#exit;
    clearTimeout(end);
  }

  #take(reply: ScanReply): void {
    const waiter = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#worker.unref();
    if (reply.ok) waiter?.resolve(reply.result);
    else waiter?.reject(errorOf(reply));
  }

  #end(): void {
    this.#ended = true;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#lost());
  }

  #lost(): Problem {
    const message = 'The thread that reads history ended; ask again.';
    return new Problem('store_unavailable', message, { cause: this.#cause });
  }
}

function errorOf({ error: { message, errcode } }: Extract<ScanReply, { ok: false }>): Error {
  return translateEngineError(Object.assign(new Error(message), { errcode }));
}
