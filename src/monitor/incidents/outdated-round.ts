/**
 * Tells of views that turned outdated while nobody could read them: history gets the moment at which they did,
 * and what nothing else explains gets an incident.
 */
import type { UpstreamKind } from '#domain/billing.ts';
import { UPSTREAM_KINDS } from '#domain/billing.ts';
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
  const explained = await explainedUpstreams(deps);
  if (explained.size === UPSTREAM_KINDS.length) return;
  const work = (tx: StoreChange, _: Deps, id: ChannelId) =>
    meetUnreadable(tx, deps, { id, explained });
  await forEach(deps, { isTold: true, closing, work });
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

/** Those that fail as a whole, or all where this server reaches nobody: that incident says it for their channels. */
async function explainedUpstreams({ store }: Deps): Promise<ReadonlySet<UpstreamKind>> {
  return store.read(async (view) => {
    const isOpen = async (kind: 'upstream' | 'server', ref: UpstreamKind | null) =>
      (await view.incidents.openOf({ kind, type: null, ref }, null)) !== null;
    if (await isOpen('server', null)) return new Set(UPSTREAM_KINDS);
    const explained = new Set<UpstreamKind>();
    for (const kind of UPSTREAM_KINDS) if (await isOpen('upstream', kind)) explained.add(kind);
    return explained;
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
