/**
 * Tells of views that turned outdated while nobody could read them: history gets the moment at which they did,
 * and what nothing else explains gets an incident.
 */
import { changesOfAge } from '#domain/outcome-changes.ts';
import type { ChannelId } from '#domain/id.ts';
import { verdictsOf } from '#domain/verdict.ts';
import type { Deps } from '#monitor/deps.ts';
import { transitionsOf } from '#monitor/write-history.ts';
import type { Page } from '#ports/page.ts';
import type { StoreChange } from '#ports/store.ts';
import { meetUnreadable } from './unreadable.ts';

const PAGE = 200;

/** Throws Problem `store_unavailable`, and the reason of `closing`. */
export async function outdatedRound(deps: Deps, closing: AbortSignal): Promise<void> {
  await forEach(deps, { isTold: false, closing, work: tellOutdated });
  if (await isExplained(deps)) return;
  await forEach(deps, { isTold: true, closing, work: meetUnreadable });
}

async function forEach(
  deps: Deps,
  about: {
    readonly isTold: boolean;
    readonly closing: AbortSignal;
    readonly work: (tx: StoreChange, deps: Deps, id: ChannelId) => Promise<void>;
  },
): Promise<void> {
  const { isTold, closing, work } = about;
  let after: ChannelId | null = null;
  do {
    closing.throwIfAborted();
    const from: ChannelId | null = after;
    const now = deps.clock.now();
    const page: Page<ChannelId> = await deps.store.scan((view) =>
      view.channels.outdated({ isTold, now, after: from, limit: PAGE }),
    );
    for (const id of page.items) await deps.store.change((tx) => work(tx, deps, id));
    after = page.items.at(-1) ?? null;
    if (page.next === null) return;
  } while (after !== null);
}

/** Whom we ask fails as a whole, or this server reaches nobody: that incident says it for all of them. */
async function isExplained({ store }: Deps): Promise<boolean> {
  const causes = [
    { kind: 'upstream', type: null, ref: 'graph' },
    { kind: 'upstream', type: null, ref: 'dialog360' },
    { kind: 'server', type: null, ref: null },
  ] as const;
  return store.read(async (view) => {
    const open = await Promise.all(causes.map((cause) => view.incidents.openOf(cause, null)));
    return open.some((incident) => incident !== null);
  });
}

async function tellOutdated(tx: StoreChange, deps: Deps, id: ChannelId): Promise<void> {
  const row = await tx.channels.findRow(id);
  if (row === null || row.channel.archivedAt !== null || row.state.good === null) return;
  const { state, recorded, worked } = row;
  const at = deps.clock.now();
  const { intervalMs } = row.channel;
  const told = changesOfAge(state, { recorded, intervalMs, at });
  if (told.changes.length === 0) return;
  await tx.history.add(transitionsOf(deps.ids, id, { changes: told.changes }));
  const known = verdictsOf(row.state.good.report).messaging.status;
  const isWorking = known === 'AVAILABLE' || known === 'LIMITED';
  const messaging = isWorking ? row.state.good.readAt : worked.messaging;
  await tx.history.record(id, {
    recorded: told.recorded,
    cause: null,
    worked: { ...worked, messaging },
  });
}
