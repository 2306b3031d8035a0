/**
 * Delivers what is owed: looks four times a second for what is due, claims it, renders it as it is true now,
 * sends it, and writes how that went. It keeps no queue of its own, so that any number of programs share
 * the work, and what one of them leaves behind when it dies is sent by another after the lease.
 */
import type { ReceiverId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Repeated } from '#monitor/repeat.ts';
import { Turns } from '#monitor/schedule/turns.ts';
import type { Timer } from '#ports/clock.ts';
import type { DeliverMeans } from './deliver-means.ts';
import {
  CLOSING_MS,
  LEASE_LEFT_MS,
  POLL_MS,
  SENDING_MAX,
  STORE_AT_ONCE,
  STORE_AWAY_MS,
} from './deliver-means.ts';
import type { Prepared } from './prepare.ts';
import { prepare } from './prepare.ts';
import { OUR_ERROR, send } from './send.ts';
import type { Taken } from './take.ts';
import { takeDue } from './take.ts';
import { tellEnded, tellWritten } from './tell-delivery.ts';
import type { Attempt } from './write-attempt.ts';
import { writeAttempt } from './write-attempt.ts';

export interface Delivering extends Repeated {
  /** Something became due just now: it is looked for at once. */
  wake(): void;
}

/** Begins at once. Closing claims no more, and waits a moment for what is being sent. */
export function startDelivering(means: DeliverMeans): Delivering {
  return new Deliveries(means).start();
}

class Deliveries implements Delivering {
  readonly #means: DeliverMeans;
  readonly #cut = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #turns = new Turns(STORE_AT_ONCE);
  readonly #sendingTo = new Map<ReceiverId, number>();
  #looking: Promise<void> | null = null;
  #timer: Timer | null = null;
  #isWoken = false;
  #isClosed = false;

  constructor(means: DeliverMeans) {
    this.#means = means;
  }

  start(): this {
    this.#next(0);
    return this;
  }

  wake(): void {
    this.#isWoken = true;
    if (this.#looking !== null || this.#isClosed) return;
    this.#timer?.cancel();
    this.#look();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    const timer = this.#means.deps.clock.after(CLOSING_MS, () => this.#cut.abort());
    await this.#looking;
    await Promise.all(this.#running);
    timer.cancel();
  }

  #next(delayMs: number): void {
    if (this.#isClosed) return;
    this.#timer = this.#means.deps.clock.after(delayMs, () => this.#look());
  }

  #look(): void {
    this.#isWoken = false;
    const looking = this.#claim().then((pauseMs) => {
      this.#looking = null;
      this.#next(this.#isWoken ? 0 : pauseMs);
    });
    this.#looking = looking;
  }

  /** One look. Gives the pause before the next. */
  async #claim(): Promise<number> {
    const { deps, onStep, pollMs = POLL_MS } = this.#means;
    try {
      const room = SENDING_MAX - this.#running.size;
      if (room <= 0) return pollMs;
      await onStep?.('claiming', null);
      const sendingTo = (id: ReceiverId) => this.#sendingTo.get(id) ?? 0;
      const taken = await takeDue(this.#means, { room, sendingTo });
      for (const one of taken) this.#begin(one);
      return taken.length > 0 ? 0 : pollMs;
    } catch (error) {
      deps.events.emit('background_failed', { what: 'looking for messages that are due', error });
      return isStoreAway(error) ? STORE_AWAY_MS : pollMs * 4;
    }
  }

  #begin(taken: Taken): void {
    const { id } = taken.receiver;
    this.#sendingTo.set(id, (this.#sendingTo.get(id) ?? 0) + 1);
    const done = this.#deliver(taken)
      .catch((error: unknown) => {
        const what = 'delivering a message';
        this.#means.deps.events.emit('background_failed', { what, error });
      })
      .finally(() => {
        const left = (this.#sendingTo.get(id) ?? 1) - 1;
        if (left === 0) this.#sendingTo.delete(id);
        else this.#sendingTo.set(id, left);
        this.#running.delete(done);
      });
    this.#running.add(done);
  }

  async #deliver(taken: Taken): Promise<void> {
    const means = this.#means;
    const { store } = means.deps;
    const { delivery } = taken;
    await means.onStep?.('claimed', delivery);
    const prepared = await this.#prepare(taken);
    if (prepared === null) return;
    if (prepared.isMoot) {
      const { state, reason } = prepared;
      const ended = { ...delivery, state, reason };
      const isWritten = await store.change((tx) => tx.outbox.finish(ended));
      if (isWritten) tellEnded(means.deps, taken.receiver, ended);
      return;
    }
    await means.onStep?.('rendered', delivery);
    if (this.#isTooLate(delivery)) {
      await store.change((tx) => tx.outbox.finish(delivery));
      return;
    }
    const attempted = await send(means, delivery, { prepared, closing: this.#cut.signal });
    await means.onStep?.('answered', delivery);
    const { receiver, message } = prepared;
    await this.#write({ ...attempted, delivery, receiver, phase: message.phase });
  }

  /** Null when it could not be made, which is written as an attempt that failed. */
  async #prepare({ delivery, receiver }: Taken): Promise<Prepared | null> {
    const { clock, events } = this.#means.deps;
    try {
      return await this.#insist(delivery, () => prepare(this.#means, delivery));
    } catch (error) {
      if (isStoreAway(error)) throw error;
      events.emit('background_failed', { what: 'making a message', error });
      const sent = { outcome: 'transient', status: null, detail: OUR_ERROR } as const;
      const attempt = { deliveryId: delivery.id, at: clock.now(), tookMs: 0, ...sent };
      await this.#write({ sent, attempt, delivery, receiver, phase: null });
      return null;
    }
  }

  async #write(attempt: Attempt): Promise<void> {
    const means = this.#means;
    const { delivery } = attempt;
    const written = await this.#insist(delivery, () => writeAttempt(means, attempt));
    await means.onStep?.('finished', delivery);
    const { deps } = means;
    if (written === null) deps.events.emit('delivery_overtaken', { deliveryId: delivery.id });
    else tellWritten(deps, { attempt, written });
  }

  /**
   * While the lease lasts: what is given up waits until it is over, and what was sent and not written is sent again.
   */
  async #insist<T>({ leaseUntil }: Delivery, work: () => Promise<T>): Promise<T> {
    const { clock } = this.#means.deps;
    for (;;) {
      try {
        return await this.#turns.run(work);
      } catch (error) {
        if (!isStoreAway(error) || clock.now() + STORE_AWAY_MS >= leaseUntil) throw error;
        const pause = Promise.withResolvers<void>();
        clock.after(STORE_AWAY_MS, pause.resolve);
        await pause.promise;
      }
    }
  }

  /** Whoever begins now could still be sending when another claims it. */
  #isTooLate({ leaseUntil }: Delivery): boolean {
    return this.#means.deps.clock.now() > leaseUntil - LEASE_LEFT_MS;
  }
}

function isStoreAway(error: unknown): boolean {
  return error instanceof Problem && error.code === 'store_unavailable';
}
