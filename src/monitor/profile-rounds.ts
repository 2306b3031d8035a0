/** Reads the profiles of the fleet as they fall due: in lots, a few at a time, within the budgets. */
import { bucketOf } from '#domain/bucket.ts';
import type { Channel } from '#domain/channel.ts';
import type { ChannelId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { StoreChange } from '#ports/store.ts';
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
    work: () => profileRound(deps),
  });
}

/** One lot; true when there may be more. Throws Problem `store_unavailable`. */
export async function profileRound(deps: Deps): Promise<boolean> {
  const now = deps.clock.now();
  const claimed = await deps.store.change(async (tx) => {
    const due = await tx.profiles.claimDue({ now, limit: LOT, againAt: now + CLAIM_MS });
    return { count: due.length, paid: await payFor(tx, deps, due) };
  });
  await inParallel(claimed.paid, WIDTH, (id) => readUnlessGone(deps, id));
  return claimed.count === LOT;
}

async function readUnlessGone(deps: Deps, id: ChannelId): Promise<void> {
  try {
    await readProfile(deps, id);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
  }
}

/** Those whose bucket pays for a question; the others wait for it. 360dialog states no budget. */
async function payFor(
  tx: StoreChange,
  { clock, policy }: Deps,
  due: readonly ChannelId[],
): Promise<readonly ChannelId[]> {
  const now = clock.now();
  const paid: ChannelId[] = [];
  for (const [bucket, channels] of await byBucket(tx, due)) {
    const perHour = policy.graphReadsPerHour;
    const wish = { bucket, use: 'scheduled', count: channels.length, perHour } as const;
    const [grant] = channels[0]?.upstream === 'graph' ? await tx.budgets.take([wish], now) : [];
    const granted = grant?.granted ?? channels.length;
    paid.push(...channels.slice(0, granted).map(({ id }) => id));
    const againAt = Math.max(grant?.againAt ?? 0, now + EVERY_MS);
    for (const { id } of channels.slice(granted)) await tx.profiles.setDue(id, againAt);
  }
  return paid;
}

async function byBucket(
  tx: StoreChange,
  due: readonly ChannelId[],
): Promise<ReadonlyMap<string, readonly Channel[]>> {
  const buckets = new Map<string, Channel[]>();
  for (const id of due) {
    const channel = await tx.channels.find(id);
    if (channel === null) continue;
    const bucket = bucketOf(channel);
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), channel]);
  }
  return buckets;
}
