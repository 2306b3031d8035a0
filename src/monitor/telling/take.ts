/**
 * Takes what is due: claims it, and decides per receiver what of it is sent now, what waits, and what becomes one
 * summary. All in one change, so that programs on one store share limits and trials.
 */
import type { ReceiverId } from '#domain/id.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import type { DeliverMeans } from './deliver-means.ts';
import {
  LEASE_MS,
  LOT_MAX,
  PER_RECEIVER,
  TRIAL_EVERY_MS,
  WINDOW_MESSAGES,
  WINDOW_MS,
} from './deliver-means.ts';
import type { Choosing } from './merge.ts';
import { mergeInto } from './merge.ts';

/** A claimed delivery that is to be sent now. */
export interface Taken {
  readonly delivery: Delivery;
  readonly receiver: Receiver;
}

export interface TakeAbout {
  /** How many may be sent. */
  readonly room: number;
  /** How many of a receiver this program is sending at present. */
  readonly sendingTo: (id: ReceiverId) => number;
}

/** Throws Problem `store_unavailable`. */
export async function takeDue(means: DeliverMeans, about: TakeAbout): Promise<readonly Taken[]> {
  const { store, clock } = means.deps;
  const now = clock.now();
  // Most looks find nothing, and those need no right to write.
  if ((await store.read((view) => view.outbox.oldestDueAt(now))) === null) return [];
  return store.change(async (tx) => {
    const limit = Math.min(about.room, LOT_MAX);
    const claimed = await tx.outbox.claimDue({
      now,
      limit,
      leaseMs: LEASE_MS,
      perReceiver: PER_RECEIVER,
    });
    const taken: Taken[] = [];
    for (const [id, lot] of Map.groupBy(claimed, ({ receiverId }) => receiverId)) {
      const receiver = await tx.receivers.find(id);
      if (receiver === null) continue;
      const chosen = await chooseOf(
        { tx, means, receiver, now, sending: about.sendingTo(id) },
        lot,
      );
      taken.push(...chosen.map((delivery) => ({ delivery, receiver })));
    }
    return taken;
  });
}

async function chooseOf(
  choosing: Choosing,
  lot: readonly Delivery[],
): Promise<readonly Delivery[]> {
  if (choosing.receiver.brokenAt !== null) return chooseTrial(choosing, lot);
  const single = await gather(choosing, lot);
  const notifier = choosing.means.notifiers[choosing.receiver.kind];
  return notifier.repeat === null ? chooseWithinLimit(choosing, single) : single;
}

/** One that takes nothing gets a single message now and then: a test where one waits, else the oldest. */
async function chooseTrial(
  { tx, receiver, now }: Choosing,
  lot: readonly Delivery[],
): Promise<readonly Delivery[]> {
  const trial = lot.find(({ kind }) => kind === 'test') ?? lot[0];
  for (const one of lot) if (one !== trial) await tx.outbox.finish(one);
  await tx.receivers.mark(receiver.id, { ...receiver, heldUntil: now + TRIAL_EVERY_MS });
  return trial === undefined ? [] : [trial];
}

/** What of one group is due at the same time becomes one message. */
async function gather(choosing: Choosing, lot: readonly Delivery[]): Promise<readonly Delivery[]> {
  const { tx, receiver, now } = choosing;
  const alone: Delivery[] = [];
  for (const [group, claimed] of Map.groupBy(lot, (one) => one.group)) {
    if (group === null) {
      alone.push(...claimed);
      continue;
    }
    const due = await tx.outbox.dueOf(receiver.id, { now, limit: LOT_MAX, group });
    if (claimed.length + due.length === 1) alone.push(...claimed);
    else {
      const why = `One message tells of all that happened for rule ${group}.`;
      await mergeInto(choosing, { claimed, due, why });
    }
  }
  return alone;
}

/** Where more is due than may be sent, the last place goes to a summary of all the rest. */
async function chooseWithinLimit(
  choosing: Choosing,
  lot: readonly Delivery[],
): Promise<readonly Delivery[]> {
  const { tx, receiver, now, sending } = choosing;
  const free = lot.filter((one) => isFree(choosing, one));
  const limited = lot.filter((one) => !isFree(choosing, one));
  if (limited.length === 0) return lot;
  const delivered = await tx.outbox.deliveredSince(receiver.id, now - WINDOW_MS);
  const room = WINDOW_MESSAGES - delivered - sending;
  const all = await tx.outbox.dueOf(receiver.id, { now, limit: LOT_MAX });
  const due = all.filter((one) => isMergeable(one) && !isFree(choosing, one));
  // Fewer than there is room for, because others are under way: more of it is claimed in a moment.
  if (limited.length < room || limited.length + due.length <= room) return lot;
  if (room <= 0) {
    for (const one of limited) await tx.outbox.finish(one);
    await hold(choosing, sending);
    return free;
  }
  const singles = limited.slice(0, room - 1);
  const rest = limited.slice(room - 1);
  const claimed = rest.filter(isMergeable);
  const unmerged = rest.filter((one) => !isMergeable(one));
  if (claimed.length + due.length < 2) {
    for (const one of limited.slice(room)) await tx.outbox.finish(one);
    return [...free, ...limited.slice(0, room)];
  }
  for (const one of unmerged) await tx.outbox.finish(one);
  const why = `More than ${WINDOW_MESSAGES} messages in 10 minutes: a summary tells of it.`;
  await mergeInto(choosing, { claimed, due, why });
  return [...free, ...singles];
}

/** What closes an incident at a service that keeps it open, and what somebody waits for, is never held back. */
function isFree({ means, receiver }: Choosing, { kind }: Delivery): boolean {
  const { keepsState } = means.notifiers[receiver.kind];
  return kind === 'test' || (keepsState && kind === 'resolved');
}

function isMergeable({ incidentId }: Delivery): boolean {
  return incidentId !== null;
}

/** Nothing is claimed for it before its window has room again. */
async function hold({ tx, receiver, now }: Choosing, sending: number): Promise<void> {
  const most = Math.max(1, WINDOW_MESSAGES - sending);
  let from = 0;
  let until = WINDOW_MS;
  // The earliest moment, to a second, from which fewer messages lie in the window.
  while (until - from > 1_000) {
    const middle = Math.ceil((from + until) / 2);
    const count = await tx.outbox.deliveredSince(receiver.id, now + middle - WINDOW_MS);
    if (count < most) until = middle;
    else from = middle;
  }
  const heldUntil = Math.max(receiver.heldUntil, now + until);
  await tx.receivers.mark(receiver.id, { ...receiver, heldUntil });
}
