/** What an attempt makes of a delivery: it is delivered, tried again later, or given up. */
import type { Delivery } from './delivery.ts';
import { RETRY_AFTER_MS_MAX, RETRY_WINDOW_MS, retryPauseMs } from './retry.ts';

/** How an attempt ended, as far as it decides what comes next. */
export interface Ended {
  readonly outcome: 'delivered' | 'throttled' | 'transient' | 'payload' | 'config' | 'cut_off';
  /** How long the receiver wants peace; null where it says nothing. */
  readonly retryAfterMs: number | null;
  /** What is remembered of a failure; a sentence or a few words. */
  readonly detail: string;
}

export interface AttemptContext {
  /** When it ended, ms UTC. */
  readonly now: number;
  /** A byte of chance. */
  readonly chance: number;
  /** Whether the receiver takes nothing at present, so that this was a trial. */
  readonly isTrial: boolean;
  /** When it is to be told again although it was taken, in ms; null for never. */
  readonly repeatMs: number | null;
  /** The longest pause between tries, for a service that forgets. */
  readonly pauseMsMax: number | undefined;
}

export interface AfterAttempt {
  readonly delivery: Delivery;
  /** Nothing is sent to the receiver before this; null when it asked for no peace. */
  readonly heldUntil: number | null;
}

/** Pure. Of a claimed delivery that is written back with its claim. */
export function afterAttempt(
  delivery: Delivery,
  ended: Ended,
  context: AttemptContext,
): AfterAttempt {
  const { outcome } = ended;
  if (outcome === 'throttled') return throttled(delivery, ended, context);
  return { delivery: AFTER[outcome](delivery, ended, context), heldUntil: null };
}

type Next = (delivery: Delivery, ended: Ended, context: AttemptContext) => Delivery;

const AFTER: Readonly<Record<Exclude<Ended['outcome'], 'throttled'>, Next>> = {
  delivered: (delivery, _, context) => taken(delivery, context),
  transient: again,
  payload: plainer,
  config: refused,
  // Nobody's fault: it is tried again at once, and does not count.
  cut_off: (delivery, _, { now }) => ({ ...delivery, nextAt: now }),
};

function taken(delivery: Delivery, { now, repeatMs }: AttemptContext): Delivery {
  const deliveredAt = delivery.deliveredAt ?? now;
  // A repetition that is taken begins anew: what failed before is over.
  if (repeatMs !== null) return { ...delivery, deliveredAt, attempts: 0, nextAt: now + repeatMs };
  const attempts = delivery.attempts + 1;
  return { ...delivery, deliveredAt, attempts, state: 'delivered' };
}

function throttled(delivery: Delivery, ended: Ended, context: AttemptContext): AfterAttempt {
  const later = again(delivery, ended, context);
  if (later.state === 'dead') return { delivery: later, heldUntil: null };
  const peaceMs = Math.min(ended.retryAfterMs ?? 0, RETRY_AFTER_MS_MAX);
  const heldUntil = Math.max(later.nextAt, context.now + peaceMs);
  return { delivery: { ...later, nextAt: heldUntil }, heldUntil };
}

/** Somebody waits for a test: after half a minute it has failed. */
const TEST_TRIES = 3;

function again(delivery: Delivery, { detail }: Ended, context: AttemptContext): Delivery {
  const { now, chance, pauseMsMax } = context;
  const attempts = delivery.attempts + 1;
  const pause = retryPauseMs({ attempts, chance, pauseMsMax });
  const isLast = delivery.kind === 'test' && attempts >= TEST_TRIES;
  if (pause !== null && !isLast) return { ...delivery, attempts, nextAt: now + pause };
  return dead(delivery, `Given up after ${attempts} tries: ${detail}`);
}

/** Once more in the plainest form; what is refused in that too is not taken in any. */
function plainer(delivery: Delivery, { detail }: Ended, { now }: AttemptContext): Delivery {
  if (delivery.isPlain) return dead(delivery, `Refused in its plain form too: ${detail}`);
  return { ...delivery, attempts: delivery.attempts + 1, isPlain: true, nextAt: now };
}

/** What is only a trial is kept, so that it is told once somebody has mended the receiver. */
function refused(delivery: Delivery, { detail }: Ended, context: AttemptContext): Delivery {
  const { isTrial, now } = context;
  const isYoung = now - delivery.createdAt < RETRY_WINDOW_MS;
  if (!isTrial || !isYoung || delivery.kind === 'test')
    return dead(delivery, `The receiver cannot take anything: ${detail}`);
  return { ...delivery, attempts: delivery.attempts + 1, nextAt: now };
}

function dead(delivery: Delivery, reason: string): Delivery {
  return { ...delivery, attempts: delivery.attempts + 1, state: 'dead', reason };
}
