/**
 * What becomes of the answers of a batch. One that says the same as before is gathered with others; one
 * that says anything else is committed at once, with its transitions.
 */
import { isOutdated } from '#domain/freshness.ts';
import { Problem } from '#domain/problem.ts';
import { soonerMs } from '#domain/schedule.ts';
import { commitOutcome } from '#monitor/commit-outcome.ts';
import type { Committed } from '#monitor/commit-outcome.ts';
import type { Deps } from '#monitor/deps.ts';
import type { Latest } from '#monitor/latest.ts';
import { tellOutcome } from '#monitor/tell-outcome.ts';
import type { StoreChange } from '#ports/store.ts';
import type { BatchRead } from './read-batch.ts';
import type { Turns } from './turns.ts';
import type { Gathered, UnchangedWriter } from './unchanged-writer.ts';

export interface SettleMeans {
  readonly deps: Deps;
  readonly latest: Latest;
  readonly writer: UnchangedWriter;
  /** Commits at the same time: the store has connections for others too. */
  readonly turns: Turns;
  /** When the leases of these reads end, ms UTC. */
  readonly leaseUntil: number;
}

/** How long after a commit that failed the next one is tried. */
const RETRY_MS = 1_000;

/** Resolves when all of it is committed, or can be no more. Rejects only by an error of ours. */
export async function settle(means: SettleMeans, reads: readonly BatchRead[]): Promise<void> {
  const changed: BatchRead[] = [];
  const gathered: { readonly read: BatchRead; readonly isWritten: Promise<boolean> }[] = [];
  for (const read of reads) {
    const unchanged = unchangedOf(means, read);
    if (unchanged === null) changed.push(read);
    else gathered.push({ read, isWritten: means.writer.add(unchanged) });
  }
  if (changed.length > 0) await means.turns.run(() => commitChanged(means, changed));
  const overtaken: BatchRead[] = [];
  for (const { read, isWritten } of gathered) if (!(await isWritten)) overtaken.push(read);
  // What they repeat is no longer what stands there, so they are held against that.
  if (overtaken.length > 0) await means.turns.run(() => commitChanged(means, overtaken));
}

/** Null unless it is a good read that says, byte for byte, what the one before said, in time. */
function unchangedOf({ deps, leaseUntil }: SettleMeans, read: BatchRead): Gathered | null {
  const { due, answer, startedAt, readAt } = read;
  const { channel, settled, attempt } = due;
  if (!answer.ok || settled === null) return null;
  if (isOutdated(settled.readAt, channel.intervalMs, readAt)) return null;
  if (deps.digest.sha256Hex(answer.body) !== settled.bodyHash) return null;
  const { intervalMs } = channel;
  const { since, recorded } = settled;
  const sooner = soonerMs({ intervalMs, status: recorded.messaging, since, now: readAt });
  return {
    id: channel.id,
    attempt,
    repeats: settled.attempt,
    startedAt,
    readAt,
    version: answer.served.version,
    traceId: answer.served.traceId,
    dueAt: sooner === null ? null : readAt + sooner,
    leaseUntil,
    bodyHash: settled.bodyHash,
    name: channel.name,
    upstream: channel.upstream,
    messaging: recorded.messaging,
  };
}

async function commitChanged(means: SettleMeans, reads: readonly BatchRead[]): Promise<void> {
  const { deps, latest, leaseUntil } = means;
  const { store, clock } = deps;
  for (;;) {
    const mark = latest.mark();
    try {
      const done = await store.change((tx) => commitAll(tx, means, reads));
      for (const one of done) tellCommitted(means, one, mark);
      return;
    } catch (error) {
      const isAway = error instanceof Problem && error.code === 'store_unavailable';
      if (!isAway) throw error;
      if (clock.now() + RETRY_MS >= leaseUntil) {
        // Nothing was told yet, so nothing is lost: after the lease these are read again.
        deps.events.emit('background_failed', { what: 'writing what checks saw', error });
        return;
      }
      await new Promise<void>((resolve) => {
        clock.after(RETRY_MS, resolve);
      });
    }
  }
}

interface Done extends Committed {
  readonly read: BatchRead;
}

async function commitAll(
  tx: StoreChange,
  { deps, latest }: SettleMeans,
  reads: readonly BatchRead[],
): Promise<readonly Done[]> {
  const done: Done[] = [];
  // In the order of ids, so that two programs never wait for each other in a circle.
  for (const read of reads.toSorted(byChannel)) {
    const { id } = read.due.channel;
    const { attempt } = read.due;
    try {
      const commit = { deps, id, attempt, asked: read, known: latest.peek(id) };
      done.push({ ...(await commitOutcome(tx, commit)), read });
    } catch (error) {
      // Removed while it was read.
      if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
    }
  }
  return done;
}

function byChannel(one: BatchRead, other: BatchRead): number {
  return one.due.channel.id < other.due.channel.id ? -1 : 1;
}

/** Memory keeps what somebody asks for; the schedule only keeps that current. */
function tellCommitted({ deps, latest }: SettleMeans, done: Done, mark: number): void {
  const { held, read } = done;
  if (latest.peek(held.channel.id) !== undefined) latest.put(held, mark);
  // What is being loaded at this moment may be older.
  else latest.forget(held.channel.id);
  const tookMs = read.readAt - read.startedAt;
  const { channel } = held;
  tellOutcome(deps.events, { ...done, channel, attempt: read.due.attempt, tookMs });
}

/** What an unchanged read is told as, once it is written. */
export function tellUnchanged({ events }: Pick<Deps, 'events'>, read: Gathered): void {
  events.emit('check_finished', {
    channelId: read.id,
    channel: read.name,
    upstream: read.upstream,
    attempt: read.attempt,
    tookMs: read.readAt - read.startedAt,
    messaging: read.messaging,
    failure: null,
    detail: null,
  });
}
