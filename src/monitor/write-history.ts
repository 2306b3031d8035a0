/** Writes what an outcome changed as transitions, and what history tells of the channel from then on. */
import { assessmentOf } from '#domain/assessment.ts';
import type { Channel } from '#domain/channel.ts';
import type { ChannelState } from '#domain/channel-state.ts';
import type { ChannelId } from '#domain/id.ts';
import { changesBetween } from '#domain/outcome-changes.ts';
import type { Capability } from '#domain/entity.ts';
import type { Change, Evidence, Recorded, Transition } from '#domain/transition.ts';
import { NO_READ } from '#domain/transition.ts';
import type { Ids } from '#ports/ids.ts';
import type { ChannelRow, StoreChange } from '#ports/store.ts';
import type { Deps } from './deps.ts';
import { billedByIn } from './latest.ts';

export interface HistoryStep {
  /** The channel before the outcome. */
  readonly row: ChannelRow;
  /** The same after it, its identity included. */
  readonly channel: Channel;
  readonly state: ChannelState;
  /** When the outcome was there, ms UTC. */
  readonly at: number;
}

/** Gives what was written, oldest first; nothing is when nothing changed. */
export async function writeHistory(
  tx: StoreChange,
  { digest, ids }: Pick<Deps, 'digest' | 'ids'>,
  { row, channel, state, at }: HistoryStep,
): Promise<readonly Transition[]> {
  const sha256Hex = (text: string) => digest.sha256Hex(text);
  const { intervalMs } = channel;
  const { changes, recorded } = changesBetween({
    recorded: row.recorded,
    before: row.state,
    after: state,
    intervalMs,
    at,
    sha256Hex,
  });
  if (changes.length === 0 && recorded.reason === row.recorded.reason) return [];
  const evidence = evidenceOf(row.state, state);
  const transitions = transitionsOf(ids, channel.id, { changes, evidence });
  await tx.history.add(transitions);
  const { upstream } = channel;
  const billedBy = await billedByIn(tx, channel);
  const about = { checkIntervalMs: intervalMs, upstream, billedBy, now: at, sha256Hex };
  const { reason } = assessmentOf(state, about);
  const worked = {
    messaging: workedAt('messaging', { row, recorded, at }),
    calling: workedAt('calling', { row, recorded, at }),
  };
  await tx.history.record(channel.id, { recorded, cause: reason && causeOf(reason), worked });
  return transitions;
}

/** When a capability was last known to work, once the verdict about it has changed. */
function workedAt(
  capability: Capability,
  {
    row,
    recorded,
    at,
  }: { readonly row: ChannelRow; readonly recorded: Recorded; readonly at: number },
): number | null {
  const works = [row.recorded[capability], recorded[capability]].some(
    (status) => status === 'AVAILABLE' || status === 'LIMITED',
  );
  return works ? at : row.worked[capability];
}

/** Changes with ids, ready to be stored. */
export function transitionsOf(
  ids: Ids,
  channelId: ChannelId,
  about: { readonly changes: readonly Change[]; readonly evidence?: Evidence },
): readonly Transition[] {
  const { changes, evidence = NO_READ } = about;
  return changes.map((change) => ({ ...change, ...evidence, id: ids.next('tr'), channelId }));
}

function evidenceOf(before: ChannelState, after: ChannelState): Evidence {
  const isGood = after.good !== null && after.good.attempt === after.attempt;
  return {
    attempt: after.attempt,
    startedAt: isGood ? after.good.startedAt : null,
    traceId: (isGood ? after.good.served.traceId : after.lastFailure?.failure.traceId) ?? null,
    version: isGood ? after.good.served.version : null,
    bodyBefore: before.good?.bodyHash ?? null,
    bodyAfter: after.good?.bodyHash ?? null,
  };
}

/** A finding in one word, as headers and listings have it: `WABA/141006`. */
function causeOf({
  subject,
  code,
}: {
  readonly subject: { readonly kind: string; readonly type?: string };
  readonly code: string;
}): string {
  return `${subject.type ?? subject.kind}/${code}`;
}
