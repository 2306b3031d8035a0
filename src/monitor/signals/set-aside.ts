/**
 * Webhooks that an error of ours keeps from being understood: tried so often and no more, so that the queue goes on.
 * They stay stored as long as all others, and a signal counts them.
 */
import { Problem } from '#domain/problem.ts';
import type { Signal } from '#domain/signals/signal.ts';
import { ABOUT_NOBODY } from '#domain/signals/signal.ts';
import type { Deps } from '#monitor/deps.ts';
import type { PendingWebhook } from '#ports/signals.ts';
import { keyOfCounted } from './receive-send-errors.ts';

/** Tries of one webhook by one program. */
const TRIES = 3;

/** How often the webhook at the head of the queue has failed: in memory, so that a new program tries again. */
export class WebhookFailures {
  #hash = '';
  #count = 0;

  /** Counts a failure: whether it was the last that this webhook may have. A store that is away is not its fault. */
  isLast({ hash }: PendingWebhook, error: unknown): boolean {
    if (error instanceof Problem && error.code === 'store_unavailable') return false;
    this.#count = hash === this.#hash ? this.#count + 1 : 1;
    this.#hash = hash;
    return this.#count >= TRIES;
  }
}

/** Takes it out of the queue, then counts it: in that order, as what fails may be the counting. */
export async function setAside(
  { store, ids, clock, events }: Pick<Deps, 'store' | 'ids' | 'clock' | 'events'>,
  webhook: PendingWebhook,
): Promise<void> {
  const { hash, done, source } = webhook;
  const about = { from: done, done, isAll: true, at: clock.now() };
  if (!(await store.change((tx) => tx.signals.advance(hash, about)))) return;
  const signal: Signal = {
    id: ids.next('sig'),
    receivedAt: webhook.receivedAt,
    source,
    channelId: null,
    field: 'not_understood',
    event: null,
    subject: null,
    about: ABOUT_NOBODY,
    code: null,
    httpStatus: null,
    count: 1,
    weight: 'change',
    isKnown: false,
    summary:
      'a webhook was set aside: an error of waba-health, which is in its log, kept it from being understood',
  };
  const key = keyOfCounted(signal, source);
  await store.change((tx) => tx.signals.add(signal, { key, counts: true }));
  events.emit('signal_recorded', { source, weight: 'change', known: false, channelId: null });
}
