/**
 * Writes how an attempt ended, in one change: the delivery under its fence, the attempt, how the receiver fares,
 * and the alarm about one that takes nothing.
 */
import { afterAttempt } from '#domain/telling/after-attempt.ts';
import type { AfterAttempt, AttemptContext } from '#domain/telling/after-attempt.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Message } from '#domain/telling/message.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import type { StoreChange } from '#ports/store.ts';
import { endedAs } from './announce.ts';
import type { DeliverMeans } from './deliver-means.ts';
import { noteReceiver } from './note-receiver.ts';
import type { Attempted } from './send.ts';

export interface Attempt extends Attempted {
  readonly delivery: Delivery;
  readonly receiver: Receiver;
  /** Of the message; null where none could be made. */
  readonly phase: Message['phase'] | null;
}

/** What was written. */
export interface Written {
  readonly delivery: Delivery;
  /** Whether this attempt showed that its receiver takes nothing. */
  readonly isBreaking: boolean;
}

/** Null when another claim was made since: then only the attempt is remembered. Throws Problem `store_unavailable`. */
export async function writeAttempt(means: DeliverMeans, about: Attempt): Promise<Written | null> {
  const { store, clock, randomness } = means.deps;
  const chance = randomness.bytes(1)[0] ?? 0;
  return store.change(async (tx) => {
    const now = clock.now();
    const isFirst = about.delivery.deliveredAt === null;
    const isNews = isFirst || about.sent.outcome !== 'delivered';
    // A service that is told every minute anew would fill the list with what went well.
    if (isNews) await tx.outbox.addAttempt(about.attempt);
    const after = await nextOf(tx, means, { about, now, chance });
    if (!(await tx.outbox.finish(after.delivery))) return null;
    const isBreaking = await noteReceiver(tx, means, { ...about, ...after, now });
    await means.onStep?.('finishing', after.delivery);
    return { delivery: after.delivery, isBreaking };
  });
}

async function nextOf(
  tx: StoreChange,
  means: DeliverMeans,
  {
    about,
    now,
    chance,
  }: { readonly about: Attempt; readonly now: number; readonly chance: number },
): Promise<AfterAttempt> {
  const { sent, receiver } = about;
  const rows = await laterOf(tx, about.delivery);
  const retryAfterMs = sent.outcome === 'throttled' ? sent.retryAfterMs : null;
  const detail = 'detail' in sent ? sent.detail : '';
  const { repeat } = means.notifiers[receiver.kind];
  const context: AttemptContext = {
    now,
    chance,
    isTrial: receiver.brokenAt !== null,
    repeatMs: rows.length > 0 ? null : await repeatMsOf(tx, means, { ...about, now }),
    pauseMsMax: repeat === null ? undefined : repeat.everyMs * PAUSE_REPEATS,
  };
  const after = afterAttempt(
    about.delivery,
    { outcome: sent.outcome, retryAfterMs, detail },
    context,
  );
  const isOver = rows.some(({ kind }) => kind === 'resolved');
  // The end must not wait until this is tried again: it tells of this too.
  return isOver && after.delivery.state === 'pending'
    ? { ...after, delivery: { ...after.delivery, ...endedAs(after.delivery) } }
    : after;
}

/** A service that forgets is tried again at least this many times more slowly than it is told. */
const PAUSE_REPEATS = 5;

/** What waits behind it, about the same incident for the same receiver. */
async function laterOf(
  tx: StoreChange,
  { id, incidentId, receiverId }: Delivery,
): Promise<readonly Delivery[]> {
  if (incidentId === null) return [];
  const rows = await tx.outbox.about(incidentId, receiverId);
  return rows.filter((one) => one.state === 'pending' && one.id > id);
}

/** Until when what was taken is told again: while it is open, and for a while after its end. */
async function repeatMsOf(
  tx: StoreChange,
  { notifiers }: DeliverMeans,
  { delivery, receiver, phase, now }: Attempt & { readonly now: number },
): Promise<number | null> {
  const { repeat } = notifiers[receiver.kind];
  if (repeat === null || delivery.incidentId === null) return null;
  if (phase === 'firing') return repeat.everyMs;
  if (phase === 'note') return null;
  const [incident] = await tx.incidents.findAll([delivery.incidentId]);
  const resolvedAt = incident?.resolvedAt ?? null;
  return resolvedAt !== null && now < resolvedAt + repeat.afterEndMs ? repeat.everyMs : null;
}
