/**
 * Looks after messages that wait: for a receiver that takes nothing they are given up after the retry window, and
 * the end of an incident never waits for what need not be told any more.
 */
import type { Delivery } from '#domain/telling/delivery.ts';
import { RETRY_WINDOW_MS } from '#domain/telling/retry.ts';
import type { Page, PageRequest } from '#ports/page.ts';
import { endedAs } from './announce.ts';
import type { TellingDeps } from './deliver-means.ts';

const PAGE = 200;
/** An end that has waited for so long stands behind something. */
const WAITING_MS = 30_000;

/** Throws Problem `store_unavailable`. */
export async function expiryRound({ store, clock }: TellingDeps): Promise<void> {
  const receivers = await store.read((view) => view.receivers.all());
  const broken = new Set(receivers.flatMap(({ id, brokenAt }) => (brokenAt === null ? [] : [id])));
  let after: string | null = null;
  do {
    const request: PageRequest = { after, limit: PAGE };
    const page: Page<Delivery> = await store.read((view) =>
      view.outbox.list(request, { states: ['pending'] }),
    );
    const { items, next } = page;
    const now = clock.now();
    const waiting = items.filter((one) => broken.has(one.receiverId) && isExpired(one, now));
    await giveUp({ store, clock }, waiting);
    for (const end of items.filter((one) => isStuckEnd(one, now))) {
      await unblock({ store, clock }, end);
    }
    after = next;
  } while (after !== null);
}

/** What is told again and again never expires; what only waits for a trial does. */
function isExpired({ createdAt, deliveredAt, nextAt }: Delivery, now: number): boolean {
  return deliveredAt === null && nextAt <= now && now - createdAt > RETRY_WINDOW_MS;
}

async function giveUp(
  { store, clock }: Pick<TellingDeps, 'store' | 'clock'>,
  expired: readonly Delivery[],
): Promise<void> {
  if (expired.length === 0) return;
  const ids = expired.map(({ id }) => id);
  const reason = 'Its receiver took nothing for so long that it was given up.';
  await store.change((tx) => tx.outbox.settle(ids, { now: clock.now(), state: 'dead', reason }));
}

function isStuckEnd({ kind, createdAt, nextAt, leaseUntil }: Delivery, now: number): boolean {
  const isWaiting = nextAt <= now && leaseUntil <= now && now - createdAt > WAITING_MS;
  return kind === 'resolved' && isWaiting;
}

/** Ends what stands before it. */
async function unblock(
  { store, clock }: Pick<TellingDeps, 'store' | 'clock'>,
  { id, incidentId, receiverId }: Delivery,
): Promise<void> {
  if (incidentId === null) return;
  await store.change(async (tx) => {
    for (const one of await tx.outbox.about(incidentId, receiverId)) {
      if (one.state !== 'pending' || one.id >= id) continue;
      await tx.outbox.settle([one.id], { now: clock.now(), ...endedAs(one) });
    }
  });
}
