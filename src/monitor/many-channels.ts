/** One decision about many channels, named by a person: what became of each. */
import type { Channel } from '#domain/channel.ts';
import { Problem } from '#domain/problem.ts';
import type { StoreChange } from '#ports/store.ts';
import type { Monitor } from './monitor.ts';

export interface DecidedChannel {
  /** The name or id, as it was given. */
  readonly ref: string;
  readonly channel: Channel | null;
  /** False when it was so already, or when there is a problem. */
  readonly changed: boolean;
  readonly problem: Problem | null;
}

/** Channels a transaction: few enough that nobody waits long for it. */
const LOT = 25;

/**
 * Decides about each channel of `refs`, in transactions of a few: each channel has changed whole, or not
 * at all. `decide` gives the hashes of keys that open nothing from now on, and null where nothing is to be
 * changed. Throws Problem `store_unavailable`.
 */
export async function decideEach(
  monitor: Monitor,
  refs: readonly string[],
  decide: (tx: StoreChange, channel: Channel) => Promise<readonly string[] | null>,
): Promise<readonly DecidedChannel[]> {
  const decided: DecidedChannel[] = [];
  for (let from = 0; from < refs.length; from += LOT) {
    const lot = refs.slice(from, from + LOT);
    const done = await monitor.deps.store.change((tx) => decideLot(tx, lot, decide));
    monitor.keyring.forget(done.flatMap(({ hashes }) => hashes));
    for (const { decided: one } of done) {
      if (one.channel !== null) monitor.latest.forget(one.channel.id);
    }
    decided.push(...done.map(({ decided: one }) => one));
  }
  return decided;
}

async function decideLot(
  tx: StoreChange,
  refs: readonly string[],
  decide: (tx: StoreChange, channel: Channel) => Promise<readonly string[] | null>,
) {
  const done: { readonly decided: DecidedChannel; readonly hashes: readonly string[] }[] = [];
  for (const ref of refs) {
    const channel = await tx.channels.find(ref);
    if (channel === null || channel.archivedAt !== null) {
      const problem = new Problem('not_found', `There is no channel ${ref}.`);
      done.push({ decided: { ref, channel: null, changed: false, problem }, hashes: [] });
      continue;
    }
    const hashes = await decide(tx, channel);
    const changed = hashes !== null;
    done.push({ decided: { ref, channel, changed, problem: null }, hashes: hashes ?? [] });
  }
  return done;
}
