/**
 * The steps of a delivery by name, for tests that end a program at each of them: in process, or with a real
 * kill in a child program. Nothing of a server hooks itself in here.
 */
import type { Delivery } from '#domain/telling/delivery.ts';

/**
 * `claiming`: before anything is claimed. `claimed`: the lease is committed. `rendered`: the message is made.
 * `answered`: the receiver has answered, and nobody but this program knows. `finishing`: within the change that
 * writes how it went, before it commits. `finished`: it is committed.
 */
export const DELIVERY_STEPS = [
  'claiming',
  'claimed',
  'rendered',
  'answered',
  'finishing',
  'finished',
] as const;
export type DeliveryStep = (typeof DELIVERY_STEPS)[number];

/** Awaited at each step; the delivery is null where there is none yet. What it throws ends the step. */
export type OnDeliveryStep = (step: DeliveryStep, delivery: Delivery | null) => Promise<void>;
