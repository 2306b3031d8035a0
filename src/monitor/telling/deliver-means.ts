/** What delivering works with, and its limits. */
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Message } from '#domain/telling/message.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import type { Deps } from '#monitor/deps.ts';
import type { Notifiers } from '#ports/notifier.ts';
import type { StoreView } from '#ports/store.ts';
import type { OnDeliveryStep } from './delivery-steps.ts';

/**
 * The message as it reads now, from what is true now; null where nothing is left to tell. It only reads.
 * A `resolved` of which the receiver heard no beginning is given as `opened`, with an incident that is over.
 */
export type Render = (
  view: StoreView,
  about: { readonly delivery: Delivery; readonly receiver: Receiver },
) => Promise<Message | null>;

/** The ports that telling works with. */
export type TellingDeps = Pick<Deps, 'store' | 'clock' | 'ids' | 'randomness' | 'events'>;

export interface DeliverMeans {
  readonly deps: TellingDeps;
  readonly notifiers: Notifiers;
  readonly render: Render;
  readonly onStep?: OnDeliveryStep;
  /** How often it is looked for what is due, in ms: `POLL_MS` unless given. */
  readonly pollMs?: number;
}

/** How often it is looked for what is due, in ms: a notice only shortens it. */
export const POLL_MS = 250;
/** After a look that failed because the store is away. */
export const STORE_AWAY_MS = 1_000;
/** For how long a claim keeps others away; a program that dies meanwhile delays a message by this. */
export const LEASE_MS = 60_000;
/** Messages under way at once to one receiver: one that hangs holds only these. */
export const PER_RECEIVER = 8;
/** Claimed at once: every receiver there may be, with all its places. */
export const LOT_MAX = 500;
export const SENDING_MAX = 800;
/**
 * Deliveries that read or write in the store at once: however many are sent at once, a store with few connections
 * would let the others wait until it refuses them, and the alert would wait for the end of its lease.
 */
export const STORE_AT_ONCE = 8;
/** The most that a notifier is waited for; it promises to end within 15 s. */
export const SEND_MS_MAX = 20_000;
/** How much of a lease must be left to begin sending: sending and writing how it went. */
export const LEASE_LEFT_MS = SEND_MS_MAX + 5_000;
/** How long sends that are under way may still take while the program stops. */
export const CLOSING_MS = 5_000;

/** No receiver gets more messages in this window; then one summary. */
export const WINDOW_MS = 600_000;
export const WINDOW_MESSAGES = 10;

/** A receiver that takes nothing gets one trial in this time. */
export const TRIAL_EVERY_MS = 3_600_000;
/** So many deliveries in a row that were given up: it takes nothing. */
export const BROKEN_AFTER = 3;
/** So many tries of one delivery that failed, over a quarter of an hour: somebody is told by another way. */
export const ALARM_AFTER_TRIES = 5;
/** Nobody hears of the same receiver more often than this. */
export const ALARM_EVERY_MS = 86_400_000;
