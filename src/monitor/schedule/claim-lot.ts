/**
 * Claims what is due and may be asked: not what an upstream in trouble, a rejected credential or a budget
 * that is used up keeps from it. What may not be asked is given back in the same transaction.
 */
import type { UpstreamKind } from '#domain/billing.ts';
import { UPSTREAM_KINDS } from '#domain/billing.ts';
import type { Deps } from '#monitor/deps.ts';
import type { DueChannel, GivenBack } from '#ports/schedule.ts';
import type { StoreChange } from '#ports/store.ts';
import type { AccessCache } from './access-cache.ts';
import type { Breaker } from './breaker.ts';
import type { Probes } from './probes.ts';
import type { Asked } from './read-batch.ts';

export interface Gates {
  readonly accesses: AccessCache;
  readonly breakers: Readonly<Record<UpstreamKind, Breaker>>;
  readonly probes: Probes;
}

export interface Lot {
  /** How many were due, whatever became of them. */
  readonly claimed: number;
  readonly asked: readonly Asked[];
  /** When it was claimed, ms UTC. */
  readonly claimedAt: number;
  /** Upstreams in trouble of which this is a probe. */
  readonly probes: ReadonlySet<UpstreamKind>;
}

/** At most `limit` channels. Throws Problem `store_unavailable`. */
export async function claimLot(deps: Deps, gates: Gates, limit: number): Promise<Lot> {
  const { store, clock, policy, upstreams } = deps;
  const now = clock.now();
  const modes = modesOf(gates, now);
  const { claimed, asked } = await store.change(async (tx) => {
    const due = await tx.schedule.claimDue({ now, limit, leaseMs: policy.leaseMs });
    if (due.length === 0) return { claimed: 0, asked: [] };
    const back: GivenBack[] = [];
    const open = passBreakers(due, { modes, back, batchMax: (kind) => upstreams[kind].batchMax });
    const { asked: probing, waiting } = gates.probes.choose(open, now);
    back.push(...waiting);
    const paid = await payFor(tx, probing, { now, back, perHour: policy.graphReadsPerHour });
    const paidFor = await withAccess(tx, paid, { gates, now, back });
    await tx.schedule.giveBack(back);
    return { claimed: due.length, asked: paidFor };
  });
  const probes = probesIn(asked, gates, { modes, now });
  return { claimed, asked, claimedAt: now, probes };
}

type Mode = ReturnType<Breaker['mode']>;
type Modes = Readonly<Record<UpstreamKind, Mode>>;

function modesOf({ breakers }: Gates, now: number): Modes {
  return { graph: breakers.graph.mode(now), dialog360: breakers.dialog360.mode(now) };
}

/** While an upstream is in trouble: one batch as a probe, the rest at the next moment of its slot. */
function passBreakers(
  due: readonly DueChannel[],
  about: {
    readonly modes: Modes;
    readonly back: GivenBack[];
    readonly batchMax: (kind: UpstreamKind) => number;
  },
): readonly DueChannel[] {
  const { modes, back, batchMax } = about;
  const left = new Map(
    UPSTREAM_KINDS.map((kind) => {
      const mode = modes[kind];
      if (mode === 'closed') return [kind, Infinity];
      return [kind, mode === 'probe' ? batchMax(kind) : 0];
    }),
  );
  return due.filter((one) => {
    const { upstream, id } = one.channel;
    const room = left.get(upstream) ?? 0;
    left.set(upstream, room - 1);
    if (room > 0) return true;
    back.push({ id, attempt: one.attempt, dueAt: null });
    return false;
  });
}

/** Those whose bucket pays for them. 360dialog states no budget: there each key backs off alone. */
async function payFor(
  tx: StoreChange,
  due: readonly DueChannel[],
  about: { readonly now: number; readonly back: GivenBack[]; readonly perHour: number },
): Promise<readonly DueChannel[]> {
  const { now, back, perHour } = about;
  const counts = new Map<string, number>();
  for (const { channel, bucket } of due) {
    if (channel.upstream === 'graph') counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  const wishes = [...counts].map(
    ([bucket, count]) => ({ bucket, count, use: 'scheduled', perHour }) as const,
  );
  const grants = await tx.budgets.take(wishes, now);
  const byBucket = new Map(wishes.map(({ bucket }, at) => [bucket, grants[at]]));
  const used = new Map<string, number>();
  return due.filter((one) => {
    if (one.channel.upstream !== 'graph') return true;
    const count = (used.get(one.bucket) ?? 0) + 1;
    used.set(one.bucket, count);
    const grant = byBucket.get(one.bucket);
    if (grant === undefined || count <= grant.granted) return true;
    // One after the other, as the budget fills: all at the same moment would come back in vain.
    const place = count - grant.granted - 1;
    const dueAt = Math.ceil(grant.againAt + place * grant.everyMs);
    back.push({ id: one.channel.id, attempt: one.attempt, dueAt });
    return false;
  });
}

async function withAccess(
  tx: StoreChange,
  due: readonly DueChannel[],
  about: { readonly gates: Gates; readonly now: number; readonly back: GivenBack[] },
): Promise<readonly Asked[]> {
  const { gates, now, back } = about;
  const ids = due.map(({ channel }) => channel.credentialId);
  const accesses = await gates.accesses.load(tx, ids, now);
  return due.flatMap((one) => {
    const access = accesses.get(one.channel.credentialId);
    if (access !== undefined) return { due: one, access };
    back.push({ id: one.channel.id, attempt: one.attempt, dueAt: null });
    return [];
  });
}

/** Only what was committed counts as sent. */
function probesIn(
  asked: readonly Asked[],
  { breakers }: Gates,
  { modes, now }: { readonly modes: Modes; readonly now: number },
): ReadonlySet<UpstreamKind> {
  const probed = UPSTREAM_KINDS.filter(
    (kind) => modes[kind] === 'probe' && asked.some(({ due }) => due.channel.upstream === kind),
  );
  for (const kind of probed) breakers[kind].probed(now);
  return new Set(probed);
}
