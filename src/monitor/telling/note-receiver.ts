/**
 * How a receiver fares: one that takes nothing is told of by another way, as an incident that all other
 * receivers hear of, and is sent a trial now and then until it takes something again.
 */
import type { Cause } from '#domain/incidents/cause.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import { raise, settleCause } from '#monitor/incidents/standalone.ts';
import type { StoreChange } from '#ports/store.ts';
import type { DeliverMeans } from './deliver-means.ts';
import {
  ALARM_AFTER_TRIES,
  ALARM_EVERY_MS,
  BROKEN_AFTER,
  TRIAL_EVERY_MS,
} from './deliver-means.ts';
import type { Sent } from './send.ts';

export interface Noted {
  readonly receiver: Receiver;
  /** As it is written. */
  readonly delivery: Delivery;
  readonly sent: Sent;
  /** Until when the receiver wants peace. */
  readonly heldUntil: number | null;
  readonly now: number;
}

type Health = Pick<Receiver, 'brokenAt' | 'failuresInARow' | 'heldUntil'>;

/** Gives whether it is only now known to take nothing. */
export async function noteReceiver(
  tx: StoreChange,
  means: DeliverMeans,
  noted: Noted,
): Promise<boolean> {
  // As it is now: others may have sent to it meanwhile.
  const receiver = await tx.receivers.find(noted.receiver.id);
  if (receiver === null || noted.sent.outcome === 'cut_off') return false;
  if (noted.sent.outcome === 'delivered') {
    await noteGood(tx, means, { receiver, now: noted.now });
    return false;
  }
  const health = healthAfter(receiver, noted);
  if (isOther(receiver, health)) await tx.receivers.mark(receiver.id, health);
  const isBreaking = receiver.brokenAt === null && health.brokenAt !== null;
  const isLong = noted.delivery.attempts >= ALARM_AFTER_TRIES && noted.delivery.kind !== 'test';
  if (isBreaking || isLong) await alarm(tx, means, { ...noted, receiver });
  return isBreaking;
}

function healthAfter(receiver: Receiver, { delivery, sent, heldUntil, now }: Noted): Health {
  const isDead = delivery.state === 'dead';
  const failuresInARow = receiver.failuresInARow + Number(isDead);
  const isBroken = sent.outcome === 'config' || failuresInARow >= BROKEN_AFTER;
  const brokenAt = receiver.brokenAt ?? (isBroken ? now : null);
  const trialAt = brokenAt === null || receiver.brokenAt !== null ? 0 : now + TRIAL_EVERY_MS;
  const until = Math.max(receiver.heldUntil, heldUntil ?? 0, trialAt);
  return { brokenAt, failuresInARow, heldUntil: until };
}

/** Whatever it took: it works, and all that waited is sent. */
async function noteGood(
  tx: StoreChange,
  { deps }: DeliverMeans,
  { receiver, now }: { readonly receiver: Receiver; readonly now: number },
): Promise<void> {
  const wasBroken = receiver.brokenAt !== null;
  const heldUntil = wasBroken ? 0 : receiver.heldUntil;
  const health = { brokenAt: null, failuresInARow: 0, heldUntil };
  if (isOther(receiver, health)) await tx.receivers.mark(receiver.id, health);
  await tx.outbox.hasten(receiver.id, now);
  await settleCause(tx, deps, { cause: causeOf(receiver), at: now });
}

async function alarm(
  tx: StoreChange,
  { deps }: DeliverMeans,
  { receiver, sent, now }: Noted,
): Promise<void> {
  const cause = causeOf(receiver);
  if ((await tx.incidents.opensOf(cause, null, now - ALARM_EVERY_MS)) > 0) return;
  const said = 'detail' in sent ? `: ${sent.detail}` : '';
  await raise(tx, deps, {
    cause,
    actor: 'integrator',
    codes: sent.outcome === 'config' ? ['receiver_refuses'] : ['receiver_fails'],
    detail: `The receiver ${receiver.name} takes no messages${said}`,
    at: now,
  });
}

export function causeOf({ id }: Pick<Receiver, 'id'>): Cause {
  return { kind: 'receiver', type: null, ref: id };
}

function isOther(receiver: Receiver, health: Health): boolean {
  return (
    receiver.brokenAt !== health.brokenAt ||
    receiver.failuresInARow !== health.failuresInARow ||
    receiver.heldUntil !== health.heldUntil
  );
}
