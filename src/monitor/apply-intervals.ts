/** Brings the intervals of all channels into line with the rules, when those have changed. */
import type { Channel } from '#domain/channel.ts';
import { intervalMsFor } from '#domain/interval.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Monitor } from './monitor.ts';
import type { Repeated } from './repeat.ts';
import { repeat } from './repeat.ts';

/** How often it is looked whether there is something to do, in ms: at a start there may be. */
const EVERY_MS = 15_000;
/** Channels a transaction: few enough that nobody waits long for it. */
const LOT = 100;

/** Begins it. Closing begins nothing more and waits for what is under way. */
export function startIntervals(monitor: Monitor): Repeated {
  return repeat(monitor.deps, {
    what: 'applying intervals',
    everyMs: EVERY_MS,
    work: async (closing) => void (await applyIntervals(monitor, closing)),
  });
}

/**
 * Goes through the fleet once, in steps, if the rules are not those of the last time; gives how many
 * channels have another interval now. One that is stopped half-way begins again the next time. Throws
 * Problem `store_unavailable`, and the reason of `closing`.
 */
export async function applyIntervals(monitor: Monitor, closing?: AbortSignal): Promise<number> {
  const { store, policy } = monitor.deps;
  const rules = JSON.stringify(policy.intervals);
  const before = await store.read((view) => view.settings.get('interval_rules'));
  if (before === rules) return 0;
  let changed = 0;
  let after: string | null = null;
  do {
    closing?.throwIfAborted();
    const from: string | null = after;
    const step: AppliedLot = await store.change((tx) => applyToLot(tx, monitor, from));
    for (const { id } of step.changed) monitor.latest.forget(id);
    changed += step.changed.length;
    after = step.next;
  } while (after !== null);
  await store.change((tx) => tx.settings.put('interval_rules', rules));
  return changed;
}

interface AppliedLot {
  readonly changed: readonly Channel[];
  /** Where the next lot goes on; null when all were looked at. */
  readonly next: string | null;
}

async function applyToLot(
  tx: StoreChange,
  { deps: { clock, policy } }: Monitor,
  after: string | null,
): Promise<AppliedLot> {
  const { items, next } = await tx.channels.list({ after, limit: LOT });
  const changed: Channel[] = [];
  for (const { channel } of items) {
    const intervalMs = intervalMsFor(channel, policy.intervals);
    if (intervalMs === channel.intervalMs) continue;
    const now = { ...channel, intervalMs, updatedAt: clock.now() };
    await tx.channels.replace(now);
    changed.push(now);
  }
  return { changed, next };
}
