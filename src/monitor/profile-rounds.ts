/** Reads the profiles of the fleet as they fall due: in lots, a few at a time, within the budgets. */
import { bucketOf } from '#domain/bucket.ts';
import type { Channel } from '#domain/channel.ts';
import type { ChannelId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { StoreChange, StoreView } from '#ports/store.ts';
import type { Deps } from './deps.ts';
import { inParallel } from './in-parallel.ts';
import type { Monitor } from './monitor.ts';
import { readProfile } from './read-profile.ts';
import type { Repeated } from './repeat.ts';
import { repeat } from './repeat.ts';

/** How often it is looked for due profiles, in ms. */
const EVERY_MS = 5_000;
const LOT = 100;
/** Reads under way at once: a profile hurries nobody, a check does. */
const WIDTH = 8;
/** When a lot that was claimed and not read falls due again, in ms: longer than a lot takes. */
const CLAIM_MS = 600_000;

/** Begins it. Closing begins nothing more and waits for what is under way. */
export function startProfileRounds({ deps }: Pick<Monitor, 'deps'>): Repeated {
  return repeat(deps, {
    what: 'reading profiles',
    everyMs: EVERY_MS,
    work: (closing) => profileRound(deps, closing),
  });
}

/**
 * One lot; true when there may be more. Throws Problem `store_unavailable`, and the reason of `closing`:
 * what is left of the lot then falls due again.
 */
export async function profileRound(deps: Deps, closing?: AbortSignal): Promise<boolean> {
  const now = deps.clock.now();
  const about = { now, limit: LOT, againAt: now + CLAIM_MS };
  const due = await deps.store.change((tx) => tx.profiles.claimDue(about));
  if (due.length === 0) return false;
  // Looked up outside a change, which would lock every channel of the lot.
  const channels = await deps.store.read((view) => channelsOf(view, due));
  closing?.throwIfAborted();
  const paid = await deps.store.change((tx) => payFor(tx, deps, channels));
  await inParallel(paid, { width: WIDTH, closing }, (id) => readUnlessGone(deps, id));
  return due.length === LOT;
}

async function readUnlessGone(deps: Deps, id: ChannelId): Promise<void> {
  try {
    await readProfile(deps, id);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
  }
}

async function channelsOf(view: StoreView, ids: readonly ChannelId[]): Promise<readonly Channel[]> {
  const channels: Channel[] = [];
  for (const id of ids) {
    const channel = await view.channels.find(id);
    if (channel !== null) channels.push(channel);
  }
  return channels;
}

/** Those whose bucket pays for a question; the others wait for it. 360dialog states no budget. */
async function payFor(
  tx: StoreChange,
  { clock, policy }: Deps,
  channels: readonly Channel[],
): Promise<readonly ChannelId[]> {
  const now = clock.now();
  const buckets = Map.groupBy(
    channels.filter(({ upstream }) => upstream === 'graph'),
    bucketOf,
  );
  const wishes = [...buckets].map(([bucket, { length: count }]) => {
    const perHour = policy.graphReadsPerHour;
    return { bucket, use: 'scheduled', count, perHour } as const;
  });
  const grants = wishes.length === 0 ? [] : await tx.budgets.take(wishes, now);
  const waiting = new Set<ChannelId>();
  for (const [at, { bucket }] of wishes.entries()) {
    const grant = grants[at];
    const againAt = Math.max(grant?.againAt ?? 0, now + EVERY_MS);
    for (const { id } of (buckets.get(bucket) ?? []).slice(grant?.granted ?? 0)) {
      await tx.profiles.setDue(id, againAt);
      waiting.add(id);
    }
  }
  return channels.map(({ id }) => id).filter((id) => !waiting.has(id));
}
