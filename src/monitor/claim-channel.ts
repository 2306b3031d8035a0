/** The right to ask: one claim at a time per channel, over all processes that share the store. */
import { bucketOf } from '#domain/bucket.ts';
import type { Channel } from '#domain/channel.ts';
import type { ChannelId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Clock } from '#ports/clock.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Access } from '#ports/upstream.ts';
import { accessOf } from './access.ts';
import type { Deps } from './deps.ts';

export type Claimed =
  /** The attempt is ours; `access` is what to ask with. */
  | {
      readonly kind: 'ours';
      readonly attempt: number;
      readonly channel: Channel;
      readonly access: Access;
    }
  /** Another process held the lease, and has written its result meanwhile. */
  | { readonly kind: 'theirs' };

/**
 * Claims the next attempt, or waits for the result of whoever holds the lease.
 *
 * Throws Problem `not_found` when the channel is gone, `check_failed` when the lease outlasts `deadline`
 * (ms UTC), `budget_exhausted`, `store_unavailable`. An outcome newer than attempt `seen` that is written
 * already counts as the result of somebody else.
 */
export async function claimChannel(
  deps: Deps,
  id: ChannelId,
  { deadline, seen }: { readonly deadline: number; readonly seen: number | null },
): Promise<Claimed> {
  let before = seen;
  for (;;) {
    const found = await tryToClaim(deps, id, before);
    if (found.kind !== 'leased') return found;
    before ??= found.attempt;
    if (deps.clock.now() + deps.policy.leasePollMs >= deadline) throw stillLeased();
    await pause(deps.clock, deps.policy.leasePollMs);
  }
}

interface Leased {
  readonly kind: 'leased';
  /** The newest attempt that is written so far. */
  readonly attempt: number;
}

/** One look. `before` is what was written when we began to wait; null at the first look. */
function tryToClaim(
  { store, clock, policy }: Deps,
  id: ChannelId,
  before: number | null,
): Promise<Claimed | Leased> {
  return store.change(async (tx) => {
    const row = await tx.channels.findRow(id);
    if (row === null || row.channel.archivedAt !== null) throw gone();
    const written = row.state.attempt;
    if (before !== null && written > before) return { kind: 'theirs' };
    const claim = await tx.channels.claim(id, clock.now(), policy.leaseMs);
    if (claim === null) return { kind: 'leased', attempt: written };
    await payFor(tx, row.channel, { clock, policy });
    const credential = await tx.credentials.find(row.channel.credentialId);
    if (credential === null) throw new Error(`channel ${id} has no credential`);
    const access = await accessOf(tx, credential);
    return { kind: 'ours', attempt: claim.attempt, channel: row.channel, access };
  });
}

/** Takes one question from the part of the budget that is kept for reads that somebody asks for. */
async function payFor(
  tx: StoreChange,
  channel: Channel,
  { clock, policy }: Pick<Deps, 'clock' | 'policy'>,
): Promise<void> {
  if (channel.upstream !== 'graph') return;
  const wish = { bucket: bucketOf(channel), use: 'asked', count: 1 } as const;
  const now = clock.now();
  const [grant] = await tx.budgets.take([{ ...wish, perHour: policy.graphReadsPerHour }], now);
  if (grant === undefined || grant.granted > 0) return;
  const seconds = Math.ceil((grant.againAt - now) / 1000);
  throw new Problem(
    'budget_exhausted',
    `Meta's quota for the account of ${channel.name} is used up; there is room again in ${seconds} s.`,
  );
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}

/** The channel is not there, or no longer. */
export function gone(): Problem {
  return new Problem('not_found', 'This channel does not exist, or no longer.');
}

function stillLeased(): Problem {
  return new Problem(
    'check_failed',
    'Another process is reading this channel and has not finished; ask again in a moment.',
  );
}
