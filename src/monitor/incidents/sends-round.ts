/**
 * Sends that fail by the account although Meta reports AVAILABLE: what clients and webhooks tell of sends is held
 * against what reads say. A warning; once reads say it too, their incident takes its place.
 */
import type { Channel } from '#domain/channel.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Cause } from '#domain/incidents/cause.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import {
  classOfSendError,
  countsByClass,
  SENDS_FAIL_WITHIN_MS,
  sendsFail,
} from '#domain/signals/send-errors.ts';
import type { Deps } from '#monitor/deps.ts';
import type { FailedSends } from '#ports/signals.ts';
import type { StoreChange } from '#ports/store.ts';
import { raise, settleCause } from './standalone.ts';
import { walkOpen } from './walk-open.ts';

/** Quiet for so long: it is over, as far as anybody tells. */
const QUIET_MS = 900_000;

/** Throws Problem `store_unavailable`, and the reason of `closing`. */
export async function sendsRound(deps: Deps, closing: AbortSignal): Promise<void> {
  const since = deps.clock.now() - SENDS_FAIL_WITHIN_MS;
  const failed = await deps.store.scan((view) =>
    view.signals.failedSends({ since, channelIds: 'all' }),
  );
  for (const one of failed.filter(({ errors }) => sendsFail(countsByClass(errors)))) {
    await deps.store.change((tx) => meet(tx, deps, one));
  }
  for await (const incident of walkOpen(deps, closing)) {
    if (incident.cause.kind === 'sends')
      await deps.store.change((tx) => follow(tx, deps, incident));
  }
}

async function meet(
  tx: StoreChange,
  deps: Deps,
  { channelId, errors }: FailedSends,
): Promise<void> {
  const row = await tx.channels.findRow(channelId);
  if (row === null || row.channel.archivedAt !== null) return;
  if (row.recorded.messaging !== 'AVAILABLE') return;
  const own = errors.filter(({ code }) => classOfSendError(code) === 'account');
  const codes = own.toSorted((a, b) => b.sends - a.sends).map(({ code }) => code);
  const sends = own.reduce((sum, one) => sum + one.sends, 0);
  await raise(tx, deps, {
    cause: sendsCause(row.channel),
    upstream: row.channel.upstream,
    status: 'AVAILABLE',
    actor: 'account_owner',
    codes,
    detail: `${sends} sends failed within 5 minutes although Meta reports AVAILABLE.`,
    at: deps.clock.now(),
    members: [channelId],
  });
}

/** One for all numbers of a WABA: what fails by the account fails for all of them. */
function sendsCause({ identity, id }: Channel): Cause {
  return { kind: 'sends', type: null, ref: identity?.wabaId ?? id };
}

/** It ends when nothing of the kind was told for a while, or when reads tell it themselves. */
async function follow(tx: StoreChange, deps: Deps, { id, cause }: Incident): Promise<void> {
  const at = deps.clock.now();
  const { items } = await tx.incidents.membersOf(id, { after: null, limit: 100 });
  const channelIds = items.map(({ channelId }) => channelId);
  const failed = await tx.signals.failedSends({ since: at - QUIET_MS, channelIds });
  const isLive = failed.some(({ errors }) => countsByClass(errors).account > 0);
  if (isLive && (await isAvailable(tx, channelIds))) return;
  await settleCause(tx, deps, { cause, at });
}

async function isAvailable(tx: StoreChange, ids: readonly ChannelId[]): Promise<boolean> {
  for (const id of ids) {
    const row = await tx.channels.findRow(id);
    if (row?.recorded.messaging === 'AVAILABLE') return true;
  }
  return false;
}
