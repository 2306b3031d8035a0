/**
 * The schedule: looks for what is due, has it read in batches, and sees to it that everything that was begun
 * is ended. It holds no list of channels: the store knows what is due, so any number of programs can
 * share the work, and none of them is needed.
 */
import type { UpstreamKind } from '#domain/billing.ts';
import { UPSTREAM_KINDS } from '#domain/billing.ts';
import type { CredentialId } from '#domain/id.ts';
import { isId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Checks } from '#monitor/check-channel.ts';
import type { Deps } from '#monitor/deps.ts';
import type { Latest } from '#monitor/latest.ts';
import type { VersionWatch } from '#monitor/version-watch.ts';
import type { Timer } from '#ports/clock.ts';
import { AccessCache } from './access-cache.ts';
import { batchesOf } from './batches.ts';
import { Breaker } from './breaker.ts';
import { claimLot } from './claim-lot.ts';
import type { Lot } from './claim-lot.ts';
import { Lag } from './lag.ts';
import { Probes } from './probes.ts';
import { isSpoiling, readBatch } from './read-batch.ts';
import type { Asked, BatchRead } from './read-batch.ts';
import type { ScheduleFacts, Trouble } from './facts.ts';
import { settle, tellUnchanged } from './settle.ts';
import { Spoilers } from './spoilers.ts';
import { Turns } from './turns.ts';
import { UnchangedWriter } from './unchanged-writer.ts';
import type { UsageNotes } from './usage-notes.ts';

const LOT_MAX = 500;
/** Commits of what changed, at the same time; more would keep claims and clients from the store. */
const COMMITS_AT_ONCE = 3;
/** After a claim that failed because the store is away. */
const STORE_AWAY_MS = 1_000;
/** Of the lease, what is kept for writing: the upstream gets the rest. */
const WRITING_MS = 5_000;
/** Tallies older than the breaker looks back are of no use to anybody. */
const TALLIES_KEPT_MS = 180_000;
/** A clock that went back further than this is set back, not just uneven. */
const SET_BACK_MS = 1_000;
/** What other programs wrote may be further ahead than that: their clocks are not ours. */
const UNEVEN_MS = 60_000;

export interface ScheduleMeans {
  readonly deps: Deps;
  readonly latest: Latest;
  readonly checks: Checks;
  readonly versions: VersionWatch;
  readonly usage: UsageNotes;
  /** What this program calls itself among others on the same store. */
  readonly program: string;
}

/** A batch that is being read. */
interface Begun {
  readonly kind: UpstreamKind;
  readonly batch: readonly Asked[];
  readonly claimedAt: number;
  /** Whether it goes out although its upstream is in trouble, to see whether that still is so. */
  readonly isProbe: boolean;
}

export class Schedule {
  readonly #means: ScheduleMeans;
  readonly #accesses = new AccessCache();
  readonly #breakers: Readonly<Record<UpstreamKind, Breaker>>;
  readonly #probes = new Probes();
  readonly #spoilers = new Spoilers();
  readonly #usage: UsageNotes;
  readonly #writer: UnchangedWriter;
  readonly #turns = new Turns(COMMITS_AT_ONCE);
  readonly #running = new Set<Promise<void>>();
  readonly #lag: Lag;
  #timer: Timer | null = null;
  #claiming: Promise<void> = Promise.resolve();
  #inFlight = 0;
  #checks = 0;
  #trips = 0;
  #lookedAt: number | null = null;
  /** The newest time seen; null before the first look, when only the store knows of earlier ones. */
  #lastNow: number | null = null;
  #closed = false;

  constructor(means: ScheduleMeans) {
    const { deps, latest, program } = means;
    this.#means = means;
    this.#lag = new Lag(deps.clock);
    this.#usage = means.usage;
    this.#breakers = {
      graph: new Breaker('graph', program),
      dialog360: new Breaker('dialog360', program),
    };
    this.#writer = new UnchangedWriter(deps, (read) => {
      latest.refresh(read.id, read);
      tellUnchanged(deps, read);
    });
  }

  /** Begins. What was due while nobody watched is read now, in the order in which it fell due. */
  start(): void {
    this.#next(0);
  }

  /** Claims no more, and ends what was begun: reads under way are waited for and written. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#claiming;
    this.#writer.hurry();
    await Promise.all(this.#running);
  }

  facts(): ScheduleFacts {
    const { p50, p99 } = this.#lag.percentiles();
    return {
      lagP50Ms: p50,
      lagP99Ms: p99,
      inFlight: this.#inFlight,
      checks: this.#checks,
      trips: this.#trips,
      lookedAt: this.#lookedAt,
      openSince: {
        graph: this.#breakers.graph.openSince,
        dialog360: this.#breakers.dialog360.openSince,
      },
    };
  }

  /** What is wrong with an upstream as a whole; null while scheduled reads go out to it. */
  troubleOf(kind: UpstreamKind): Trouble | null {
    const { failingSince: since, reachesNobody } = this.#breakers[kind];
    return since === null ? null : { since, reachesNobody };
  }

  /** A credential or its app has changed, here or elsewhere: nothing opened before is used any more. */
  credentialChanged(id: string): void {
    this.#accesses.clear();
    if (isId('cr', id)) this.#probes.revived(id);
  }

  /** A credential lives, or has been replaced: whoever waited for that is due now. */
  async revive(id: CredentialId): Promise<void> {
    const { store, clock } = this.#means.deps;
    this.#probes.revived(id);
    const about = { now: clock.now(), limit: LOT_MAX };
    while ((await store.change((tx) => tx.schedule.wake(id, about))) >= LOT_MAX) {
      // A step at a time, so that others get their turn.
    }
  }

  /** Shares what this program saw of the upstreams, and hears what the others saw. */
  async shareTallies(): Promise<void> {
    const { store, clock } = this.#means.deps;
    const now = clock.now();
    const since = now - TALLIES_KEPT_MS;
    const own = UPSTREAM_KINDS.flatMap((kind) => this.#breakers[kind].tallies());
    const all = await store.change(async (tx) => {
      await tx.tallies.put(own, since);
      return tx.tallies.since(since);
    });
    for (const kind of UPSTREAM_KINDS) this.#breakers[kind].hear(all, now);
  }

  #next(delayMs: number): void {
    if (this.#closed) return;
    this.#timer = this.#means.deps.clock.after(delayMs, () => {
      this.#claiming = this.#claim();
    });
  }

  /** One look at what is due. The next follows at once while there is more. */
  async #claim(): Promise<void> {
    const { deps } = this.#means;
    const { policy, events } = deps;
    try {
      await this.#mindTheClock();
      const room = Math.min(LOT_MAX, policy.inFlightMax - this.#inFlight);
      if (room < policy.inFlightMax / 4 && room < LOT_MAX) return this.#next(policy.tickMs);
      const lot = await claimLot(deps, this.#gates(), room);
      this.#lookedAt = lot.claimedAt;
      this.#ask(lot);
      // At once while there is more; not where nothing of it may be asked.
      const isMore = lot.claimed >= room && lot.asked.length > 0;
      this.#next(isMore ? 0 : policy.tickMs);
    } catch (error) {
      const isAway = error instanceof Problem && error.code === 'store_unavailable';
      events.emit('background_failed', { what: 'looking for channels that are due', error });
      this.#next(isAway ? STORE_AWAY_MS : policy.tickMs * 4);
    }
  }

  #gates() {
    return { accesses: this.#accesses, breakers: this.#breakers, probes: this.#probes };
  }

  /** After a clock that was set back, due times and leases lie too far ahead: they are laid anew. */
  async #mindTheClock(): Promise<void> {
    const { store, clock, policy } = this.#means.deps;
    const isFirst = this.#lastNow === null;
    const newest = isFirst ? await store.read((view) => view.schedule.newestAt()) : this.#lastNow;
    const now = clock.now();
    const isSetBack = newest !== null && now < newest - (isFirst ? UNEVEN_MS : SET_BACK_MS);
    this.#lastNow = isSetBack ? now : Math.max(now, this.#lastNow ?? now);
    if (!isSetBack) return;
    const about = { now, leaseMs: policy.leaseMs, limit: LOT_MAX };
    while ((await store.change((tx) => tx.schedule.rebase(about))) >= LOT_MAX) {
      // A step at a time, so that others get their turn.
    }
  }

  #ask({ asked, claimedAt, probes }: Lot): void {
    const { upstreams } = this.#means.deps;
    for (const kind of UPSTREAM_KINDS) {
      const ofKind = asked.filter(({ due }) => due.channel.upstream === kind);
      const size = upstreams[kind].batchMax;
      for (const batch of batchesOf(ofKind, { size, isSingle: (id) => this.#spoilers.has(id) })) {
        this.#begin({ kind, batch, claimedAt, isProbe: probes.has(kind) });
      }
    }
  }

  #begin(begun: Begun): void {
    const { batch, claimedAt } = begun;
    const { deps, checks } = this.#means;
    this.#inFlight += batch.length;
    const lagsMs = batch.map(({ due }) => Math.max(0, claimedAt - due.dueAt));
    for (const lagMs of lagsMs) this.#lag.note(lagMs);
    deps.events.emit('reads_begun', { lagsMs });
    const done = this.#read(begun)
      .catch((error: unknown) => {
        deps.events.emit('background_failed', { what: 'reading a batch', error });
      })
      .finally(() => {
        this.#inFlight -= batch.length;
        this.#running.delete(done);
      });
    this.#running.add(done);
    checks.occupy(
      batch.map(({ due }) => due.channel.id),
      done,
    );
  }

  async #read(begun: Begun): Promise<void> {
    const { kind, batch, claimedAt } = begun;
    const { deps, latest } = this.#means;
    const { clock, policy, upstreams } = deps;
    const breaker = this.#breakers[kind];
    const leaseUntil = claimedAt + policy.leaseMs;
    const reads = await readBatch(
      {
        upstream: upstreams[kind],
        clock,
        timeoutMs: policy.readTimeoutMs,
        deadline: leaseUntil - WRITING_MS,
        mayHalve: () => breaker.mayHalve(clock.now()),
        halved: (about) => breaker.halved({ ...about, now: clock.now() }),
        onTrip: () => (this.#trips += 1),
      },
      batch,
    );
    this.#checks += reads.length;
    this.#note(begun, reads);
    const turns = this.#turns;
    await settle({ deps, latest, writer: this.#writer, turns, leaseUntil }, reads);
    await this.#usage.learn(reads);
    await this.#reviveCredentials(reads);
  }

  #note({ kind, isProbe }: Begun, reads: readonly BatchRead[]): void {
    const { deps, versions } = this.#means;
    const ends = reads.map(({ due, answer }) => ({
      subject: due.channel.identity?.wabaId ?? due.channel.credentialId,
      failure: answer.ok ? null : answer.failure.code,
    }));
    this.#breakers[kind].note(ends, { now: deps.clock.now(), isProbe });
    for (const { due, answer, isSpoiler } of reads) {
      const { id, credentialId } = due.channel;
      const isRejected = !answer.ok && answer.failure.code === 'credential_rejected';
      if (due.isRejected && isRejected) this.#probes.failed(credentialId, deps.clock.now());
      if (isSpoiler) this.#spoilers.add(id);
      else this.#spoilers.note(id, !isSpoiling(answer));
      if (answer.ok) versions.note(deps.upstreams[kind].version, answer.served.version);
    }
  }

  async #reviveCredentials(reads: readonly BatchRead[]): Promise<void> {
    const alive = reads.filter(({ due, answer }) => due.isRejected && answer.ok);
    for (const id of new Set(alive.map(({ due }) => due.channel.credentialId))) {
      if (this.#probes.has(id)) await this.revive(id);
    }
  }
}
