/**
 * Keeps the schedule from hammering an upstream that is in trouble as a whole. While it is open, one probe
 * goes out now and then; the first good read closes it. Programs on one store share their tallies, so
 * that all of them see the same trouble.
 */
import type { UpstreamKind } from '#domain/billing.ts';
import { BREAKER_SLICE_MS, BREAKER_WINDOW_MS, isInTrouble } from '#domain/breaker.ts';
import type { FailureCode } from '#domain/failure.ts';
import type { Tally } from '#ports/tallies.ts';

/** A probe goes out this long after the one before, doubling up to the second number, in ms. */
const PROBE_MS = 10_000;
const PROBE_MS_MAX = 60_000;
/** So far back a whole batch that failed is compared with its neighbours. */
const RECENT_MS = 30_000;
/** Batches that are halved at the same time; and how long none is after one in which nothing was good. */
const HALVINGS_MAX = 100;
const NO_HALVING_MS = 30_000;

const FAILS: ReadonlySet<FailureCode> = new Set(['upstream_error', 'unreachable', 'timeout']);

interface Slice {
  readonly sliceAt: number;
  reads: number;
  failed: number;
  unreachable: number;
  readonly subjects: Set<string>;
  readonly failedSubjects: Set<string>;
}

/** How one read ended. */
export interface Ended {
  /** The WABA or credential that it was about. */
  readonly subject: string;
  readonly failure: FailureCode | null;
}

export class Breaker {
  readonly #upstream: UpstreamKind;
  readonly #program: string;
  #slices: Slice[] = [];
  #others: readonly Tally[] = [];
  #openSince: number | null = null;
  #failingSince = 0;
  #probeAt = 0;
  #probePauseMs = PROBE_MS;
  /** When it was closed last: older trouble, others' too, is over. */
  #goodSince = 0;
  /** When anything was last read without its upstream failing. */
  #goodAt = 0;
  #halvings = 0;
  #noHalvingUntil = 0;

  constructor(upstream: UpstreamKind, program: string) {
    this.#upstream = upstream;
    this.#program = program;
  }

  /** When the reads that opened it began to fail, ms UTC; null while it is closed. */
  get failingSince(): number | null {
    return this.#openSince === null ? null : this.#failingSince;
  }

  /** Since when scheduled reads are held back, ms UTC; null while they are not. */
  get openSince(): number | null {
    return this.#openSince;
  }

  /**
   * Counts reads that ended at `now`. While it is open, only what a probe saw closes it: reads that began
   * before say nothing new.
   */
  note(
    ends: readonly Ended[],
    { now, isProbe }: { readonly now: number; readonly isProbe: boolean },
  ): void {
    const slice = this.#sliceOf(now);
    for (const { subject, failure } of ends) {
      slice.reads += 1;
      slice.subjects.add(subject);
      if (failure === null || !FAILS.has(failure)) continue;
      slice.failed += 1;
      if (failure === 'unreachable') slice.unreachable += 1;
      slice.failedSubjects.add(subject);
    }
    const good = ends.filter(({ failure }) => failure === null || !FAILS.has(failure)).length;
    if (good > 0) this.#goodAt = now;
    if (this.#openSince === null) this.#judge(now);
    else if (isProbe && good * 2 > ends.length) this.#close(now);
  }

  /** Whether every read since the last good one reached nobody: then it is the way there, not whom we ask. */
  get reachesNobody(): boolean {
    const recent = this.#slices.filter(({ sliceAt }) => sliceAt > this.#goodAt);
    return (
      this.#openSince !== null &&
      recent.length > 0 &&
      recent.every(({ reads, unreachable }) => unreachable === reads)
    );
  }

  /** Whether scheduled reads may go out at `now`: all of them, one batch as a probe, or none. */
  mode(now: number): 'closed' | 'probe' | 'open' {
    if (this.#openSince === null) return 'closed';
    return now < this.#probeAt ? 'open' : 'probe';
  }

  /** A probe has gone out. */
  probed(now: number): void {
    this.#probePauseMs = Math.min(this.#probePauseMs * 2, PROBE_MS_MAX);
    this.#probeAt = now + this.#probePauseMs;
  }

  /**
   * Whether a batch that failed as a whole may be asked again in halves: others fare well at present, so
   * that an item is the likely cause, and few are being halved. `halved` is to be called at its end.
   */
  mayHalve(now: number): boolean {
    const recent = this.#slices.filter(({ sliceAt }) => sliceAt > now - RECENT_MS);
    const reads = recent.reduce((sum, slice) => sum + slice.reads, 0);
    const failed = recent.reduce((sum, slice) => sum + slice.failed, 0);
    const isLikely = failed * 2 <= reads && now >= this.#noHalvingUntil;
    if (!isLikely || this.#halvings >= HALVINGS_MAX) return false;
    this.#halvings += 1;
    return true;
  }

  /**
   * A batch was asked again in halves, from `began` on. Where nothing of it was good, nor anything else since
   * then, it is an outage after all.
   */
  halved(about: {
    readonly began: number;
    readonly now: number;
    readonly isAnyGood: boolean;
  }): void {
    const { began, now, isAnyGood } = about;
    this.#halvings -= 1;
    if (!isAnyGood && this.#goodAt < began) this.#noHalvingUntil = now + NO_HALVING_MS;
  }

  /** What this program has to share. */
  tallies(): readonly Tally[] {
    return this.#slices.map(({ subjects, failedSubjects, ...counts }) => ({
      upstream: this.#upstream,
      program: this.#program,
      ...counts,
      subjects: subjects.size,
      failedSubjects: failedSubjects.size,
    }));
  }

  /** What the others share. */
  hear(tallies: readonly Tally[], now: number): void {
    this.#others = tallies.filter(
      ({ upstream, program, sliceAt }) =>
        upstream === this.#upstream && program !== this.#program && sliceAt >= this.#goodSince,
    );
    if (this.#openSince === null) this.#judge(now);
  }

  #judge(now: number): void {
    if (!isInTrouble([...this.tallies(), ...this.#others], now)) return;
    this.#openSince = now;
    const failing = [...this.tallies(), ...this.#others].filter(({ failed }) => failed > 0);
    this.#failingSince = Math.min(now, ...failing.map(({ sliceAt }) => sliceAt));
    this.#probePauseMs = PROBE_MS;
    this.#probeAt = now + PROBE_MS;
  }

  /** What was counted before says nothing about the time after. */
  #close(now: number): void {
    this.#openSince = null;
    this.#goodSince = now;
    this.#slices = [];
    this.#others = [];
  }

  #sliceOf(now: number): Slice {
    const sliceAt = now - (now % BREAKER_SLICE_MS);
    const last = this.#slices.at(-1);
    if (last?.sliceAt === sliceAt) return last;
    const slice: Slice = {
      sliceAt,
      reads: 0,
      failed: 0,
      unreachable: 0,
      subjects: new Set(),
      failedSubjects: new Set(),
    };
    this.#slices = this.#slices.filter((old) => old.sliceAt > now - BREAKER_WINDOW_MS);
    this.#slices.push(slice);
    return slice;
  }
}
