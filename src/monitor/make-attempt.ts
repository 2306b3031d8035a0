/**
 * One attempt at reading a single channel, because somebody asked: claim, ask, judge, commit, remember, tell.
 * The schedule reads in lots; what both saw is written by `commitOutcome`.
 */
import { bucketOf } from '#domain/bucket.ts';
import type { Channel } from '#domain/channel.ts';
import type { ChannelState, Outcome } from '#domain/channel-state.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Usage } from '#ports/upstream.ts';
import { claimChannel, gone } from './claim-channel.ts';
import type { Claimed } from './claim-channel.ts';
import { commitOutcome } from './commit-outcome.ts';
import type { Asked } from './commit-outcome.ts';
import type { Deps } from './deps.ts';
import type { Held, Latest } from './latest.ts';
import type { UsageNotes } from './schedule/usage-notes.ts';
import { tellOutcome } from './tell-outcome.ts';
import type { VersionWatch } from './version-watch.ts';

export interface Attempted {
  readonly held: Held;
  readonly outcome: Outcome;
  /** True when another process had the lease, so that this is its result. */
  readonly elsewhere: boolean;
  readonly written: boolean;
  readonly tookMs: number;
  readonly usage: readonly Usage[];
}

export interface AttemptMeans {
  readonly deps: Deps;
  readonly latest: Latest;
  readonly versions: VersionWatch;
  readonly usage: UsageNotes;
}

export interface AttemptWish {
  /** When it must have ended, ms UTC. */
  readonly deadline: number;
  /** The newest attempt known to whoever asks: a newer one that is written counts as the read. */
  readonly seen: number | null;
}

/** Throws what `claimChannel` throws. */
export async function makeAttempt(
  { deps, latest, versions, usage }: AttemptMeans,
  id: ChannelId,
  { deadline, seen }: AttemptWish,
): Promise<Attempted> {
  const began = deps.clock.now();
  const until = deadline - deps.policy.commitMarginMs;
  const claimed = await claimChannel(deps, id, { deadline: until, seen });
  if (claimed.kind === 'theirs') return await takeTheirs(latest, id);
  const asked = await ask(deps, claimed, deadline);
  const { answer } = asked;
  const { upstream } = claimed.channel;
  if (answer.ok) versions.note(deps.upstreams[upstream].version, answer.served.version);
  const mark = latest.mark();
  const known = latest.peek(id);
  const done = await deps.store.change((tx) =>
    commitOutcome(tx, { deps, id, attempt: claimed.attempt, asked, known }),
  );
  latest.put(done.held, mark);
  const attempted = {
    ...done,
    elsewhere: false,
    tookMs: deps.clock.now() - began,
    usage: answer.usage,
  };
  const { channel } = done.held;
  const { attempt } = claimed;
  learnFrom({ deps, usage }, claimed.channel, asked);
  tellOutcome(deps.events, { ...done, channel, attempt, tookMs: attempted.tookMs });
  return attempted;
}

/** Nobody waits for it: the outcome is written already. */
function learnFrom(
  { deps, usage }: Pick<AttemptMeans, 'deps' | 'usage'>,
  channel: Channel,
  asked: Asked,
): void {
  const due = { channel, bucket: bucketOf(channel) };
  usage.learn([{ ...asked, due }]).catch((error: unknown) => {
    deps.events.emit('background_failed', { what: 'learning how much may be asked', error });
  });
}

async function ask(
  { upstreams, clock, policy }: Deps,
  { channel, access }: Extract<Claimed, { kind: 'ours' }>,
  deadline: number,
): Promise<Asked> {
  const startedAt = clock.now();
  const timeoutMs = Math.max(1, deadline - policy.commitMarginMs - startedAt);
  const question = { nodeId: channel.nodeId, access, timeoutMs };
  const answer = await upstreams[channel.upstream].read(question);
  return { answer, startedAt, readAt: clock.now() };
}

/** What another process wrote, taken over into memory. */
export async function takeTheirs(latest: Latest, id: ChannelId): Promise<Attempted> {
  const held = await latest.reload(id);
  if (held === null) throw gone();
  const outcome = newestOutcomeOf(held.state);
  if (outcome === null) throw new Error('a written state without an outcome');
  return { held, outcome, elsewhere: true, written: true, tookMs: 0, usage: [] };
}

/** The outcome that a state ends with; null before the first. */
export function newestOutcomeOf({ good, lastFailure }: ChannelState): Outcome | null {
  if (lastFailure !== null) {
    const { attempt, at, failure } = lastFailure;
    return { ok: false, attempt, at, failure };
  }
  return good === null ? null : { ok: true, snapshot: good };
}
