/** A channel that cannot be read, for no reason that another incident gives, makes one of its own. */
import type { UpstreamKind } from '#domain/billing.ts';
import { isOutdated } from '#domain/freshness.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Deps } from '#monitor/deps.ts';
import type { StoreChange } from '#ports/store.ts';
import { unreadableCause } from './blind-cause.ts';
import { firstSign } from './first-sign.ts';
import { meetIncident } from './open.ts';
import type { SaidCause } from './sighted.ts';

/** Nothing where it is read again, or where its failures have a cause already: `explained` upstreams fail as a whole. */
export async function meetUnreadable(
  tx: StoreChange,
  deps: Deps,
  { id, explained }: { readonly id: ChannelId; readonly explained: ReadonlySet<UpstreamKind> },
): Promise<void> {
  const row = await tx.channels.findRow(id);
  if (row === null || row.channel.archivedAt !== null || row.channel.pausedAt !== null) return;
  const { channel, state } = row;
  if (explained.has(channel.upstream)) return;
  const { good, lastFailure, trust } = state;
  const at = deps.clock.now();
  const isBlind = good === null || isOutdated(good.readAt, channel.intervalMs, at);
  // Nobody tried: then it is the schedule that is late, or that just began.
  if (!isBlind || lastFailure === null || trust.state === 'ended') return;
  const said: SaidCause = {
    cause: unreadableCause(channel),
    capability: null,
    status: 'UNKNOWN',
    codes: [lastFailure.failure.code],
    text: lastFailure.failure.detail,
  };
  const times = { startedAt: at, readAt: at };
  const outcome = {
    ok: false,
    attempt: lastFailure.attempt,
    at,
    failure: lastFailure.failure,
  } as const;
  const sighted = { row, channel, state, outcome, tx, deps, times };
  const sign = { ...firstSign(sighted, said), firstBadAt: good?.readAt ?? channel.createdAt };
  await tx.incidents.putSign(sign);
  await meetIncident(sighted, sign, said);
}
