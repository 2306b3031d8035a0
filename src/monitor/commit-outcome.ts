/**
 * Writes what an attempt saw: state, body, transitions, incidents, due time, all in the transaction that it is given,
 * and nothing when a newer attempt has been written (the fence). The only way in which the state of a
 * watched channel ever changes.
 */
import { accountUseOf } from '#domain/account-use.ts';
import type { Channel } from '#domain/channel.ts';
import { bucketOf } from '#domain/bucket.ts';
import type { ChannelState, Outcome } from '#domain/channel-state.ts';
import { stateAfter } from '#domain/channel-state.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Transition } from '#domain/transition.ts';
import type { ChannelRow, StoreChange } from '#ports/store.ts';
import type { Answer } from '#ports/upstream.ts';
import { gone } from './claim-channel.ts';
import type { Deps } from './deps.ts';
import { observe } from './incidents/observe.ts';
import { nextReadAt } from './next-read.ts';
import { billedByIn } from './latest.ts';
import type { Held } from './latest.ts';
import { outcomeOf } from './outcome.ts';
import { writeHistory } from './write-history.ts';

/** No key is asked more rarely than once an hour because it was throttled. */
const PACE_MS_MAX = 3_600_000;

/** An answer and its times, in ms UTC. */
export interface Asked {
  readonly answer: Answer;
  readonly startedAt: number;
  readonly readAt: number;
}

export interface Commit {
  readonly deps: Deps;
  readonly id: ChannelId;
  readonly attempt: number;
  readonly asked: Asked;
  /** What memory holds of the channel, whose body need not be read again. */
  readonly known: Held | undefined;
}

export interface Committed {
  readonly held: Held;
  readonly outcome: Outcome;
  /** False when a newer attempt had been written already. */
  readonly written: boolean;
  /** What it changed; nothing when it was not written. */
  readonly transitions: readonly Transition[];
}

/** Throws Problem `not_found` when the channel is gone or archived. */
export async function commitOutcome(tx: StoreChange, commit: Commit): Promise<Committed> {
  const { deps, id, known } = commit;
  const { answer } = commit.asked;
  const row = await tx.channels.findRow(id);
  if (row === null || row.channel.archivedAt !== null) throw gone();
  const outcome = judged(row, commit);
  const body = outcome.ok && answer.ok ? answer.body : null;
  const { channel, state, written, transitions } = await writeOutcome(tx, deps, {
    row,
    outcome,
    body,
  });
  const held = {
    channel,
    billedBy: await billedByIn(tx, channel),
    state,
    body: written && outcome.ok ? body : await keptBody(tx, id, { state, known }),
  };
  return { held, outcome, written, transitions };
}

function judged({ channel }: ChannelRow, { deps, attempt, asked }: Commit): Outcome {
  const { answer, startedAt, readAt } = asked;
  const { digest } = deps;
  return outcomeOf(answer, { attempt, startedAt, readAt, pinned: channel.identity, digest });
}

/** The channel and its state after an outcome. */
interface Written extends Pick<Committed, 'written' | 'transitions'> {
  readonly channel: Channel;
  readonly state: ChannelState;
}

/**
 * Writes an outcome over what `row` says, with all that it brings along: transitions, incidents, budget, due
 * time. The
 * body comes exactly with a good read. Nothing is written over an equal or newer attempt.
 */
export async function writeOutcome(
  tx: StoreChange,
  deps: Deps,
  about: {
    readonly row: ChannelRow;
    readonly outcome: Outcome;
    readonly body: Uint8Array | null;
  },
): Promise<Written> {
  const { row, outcome, body } = about;
  const { id } = row.channel;
  const state = stateAfterAttempt(row.state, outcome, deps.policy.confirmAfterMs);
  const isNewer = state.attempt > row.state.attempt;
  if (!isNewer || !(await tx.channels.writeState(id, state, body))) {
    return { channel: row.channel, state: row.state, written: false, transitions: [] };
  }
  const identity = outcome.ok ? outcome.snapshot.identity : row.channel.identity;
  const channel = { ...row.channel, identity };
  const bucket = bucketOf(channel);
  if (bucket !== bucketOf(row.channel)) await tx.schedule.setBucket(id, bucket);
  const now = outcome.ok ? outcome.snapshot.readAt : outcome.at;
  const transitions = await writeHistory(tx, deps, { row, channel, state, at: now });
  const old = row.state.good?.bodyHash ?? null;
  if (old !== null && old !== state.good?.bodyHash) await tx.channels.dropBody(old);
  if (outcome.ok) await learnUse(tx, row, { channel, outcome });
  if (isThrottled(channel, outcome)) await tx.schedule.slowDown(id, PACE_MS_MAX);
  const wantedMs = await observe(tx, deps, { row, channel, state, outcome });
  const dueAt = nextReadAt(channel, state, { deps, now, wantedMs });
  if (dueAt !== null) await tx.schedule.setDue(id, dueAt);
  return { channel, state, written: true, transitions };
}

/** What an answer that says something new tells about how much may be asked about its account. */
async function learnUse(
  tx: StoreChange,
  before: ChannelRow,
  about: { readonly channel: Channel; readonly outcome: Extract<Outcome, { ok: true }> },
): Promise<void> {
  const { channel, outcome } = about;
  const { snapshot } = outcome;
  if (channel.upstream !== 'graph' || before.state.good?.bodyHash === snapshot.bodyHash) return;
  const bucket = bucketOf(channel);
  const use = accountUseOf(snapshot.report);
  if (use !== null) return tx.budgets.learn(bucket, { isActive: use === 'active' });
  const isNew = (await tx.budgets.find(bucket)) === null;
  if (isNew) await tx.budgets.learn(bucket, { isActive: false });
}

/** 360dialog states no budget: each key that is throttled learns a slower pace of its own. */
function isThrottled({ upstream }: Channel, outcome: Outcome): boolean {
  return upstream === 'dialog360' && !outcome.ok && outcome.failure.code === 'rate_limited';
}

/** The body of the state's good read: memory's, when it is the same one, else the store's. */
async function keptBody(
  tx: StoreChange,
  id: ChannelId,
  { state, known }: { readonly state: ChannelState; readonly known: Held | undefined },
): Promise<Uint8Array | null> {
  if (state.good === null) return null;
  const same = known?.state.good?.bodyHash === state.good.bodyHash;
  return same && known ? known.body : tx.channels.bodyOf(id);
}

/**
 * The state after an outcome. A definitive failure confirms an earlier one only when it comes
 * `confirmAfterMs` later: two answers of the same moment are one piece of evidence.
 */
function stateAfterAttempt(
  state: ChannelState,
  outcome: Outcome,
  confirmAfterMs: number,
): ChannelState {
  const next = stateAfter(state, outcome);
  const { trust } = state;
  const tooSoon =
    !outcome.ok && trust.state === 'doubted' && outcome.at < trust.since + confirmAfterMs;
  return tooSoon ? { ...next, trust } : next;
}
