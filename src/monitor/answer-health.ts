/** The public answer: a decision over what memory holds, and the read that it may need. */
import type { Failure, FailureCode } from '#domain/failure.ts';
import { Problem } from '#domain/problem.ts';
import { Budget } from './budget.ts';
import type { Checked, Checks } from './check-channel.ts';
import type { Deps } from './deps.ts';
import type { KnownKey } from './keyring.ts';
import { isOwnKey } from './keyring.ts';
import type { Held, Latest } from './latest.ts';
import { isAskedToWait, isPaused, retryAt } from './pause.ts';
import { freshnessOf, servableOf } from './servable.ts';
import type { Servable } from './servable.ts';

export interface HealthQuestion {
  readonly key: KnownKey;
  /** The oldest answer the client takes, in ms: its `max-age`, 0 for `no-cache`; null when it does not say. */
  readonly maxAgeMs: number | null;
}

/** Why a client got an older answer than it wished for, or how the last read of its channel failed. */
export type HitDetail = FailureCode | 'budget' | 'busy' | 'store_unavailable';

/** How an answer came about, in the terms of RFC 9211. */
export type CacheStory =
  | { readonly hit: true; readonly detail: HitDetail | null }
  | {
      readonly hit: false;
      readonly fwd: 'uri-miss' | 'stale' | 'request';
      /** True for who joined a read; false for who made it, whose answer was stored. */
      readonly collapsed: boolean;
    };

export type HealthAnswer =
  | {
      readonly kind: 'answer';
      readonly held: Held;
      readonly servable: Servable;
      readonly story: CacheStory;
    }
  /** Nothing may be served. `retryAfterMs` null: not known. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly retryAfterMs: number | null }
  /** The key opens nothing: its channel is gone, or the upstream rejected it (adopted keys only). */
  | { readonly kind: 'unauthorized' };

/** How many channels' last wishes for a new read are remembered. */
const WISHES_MAX = 10_000;
/** After a refresh that failed on our side, none is begun for this long. */
const REFRESH_PAUSE_MS = 1_000;

/** The read outlasted the client's wait: ours to say, nobody else's. */
const LATE: Failure = {
  code: 'timeout',
  detail: 'The upstream did not answer in time.',
  httpStatus: null,
  graphCode: null,
  graphSubcode: null,
  retryAfterMs: null,
  traceId: null,
};

export class HealthAnswers {
  readonly #deps: Deps;
  readonly #latest: Latest;
  readonly #checks: Checks;
  readonly #wishes: Budget;
  #refreshFrom = 0;

  constructor(deps: Deps, latest: Latest, checks: Checks) {
    this.#deps = deps;
    this.#latest = latest;
    this.#checks = checks;
    const windowMs = deps.policy.forcedReadEveryMs;
    this.#wishes = new Budget({ times: 1, windowMs, keysMax: WISHES_MAX });
  }

  async answer({ key, maxAgeMs }: HealthQuestion): Promise<HealthAnswer> {
    const held = await this.#latest.load(key.channelId);
    if (held === null) return { kind: 'unauthorized' };
    this.#checks.watchDoubt(held);
    const now = this.#deps.clock.now();
    const servable = servableOf(held, now);
    if (servable === null) return this.#readFirst(held, key);
    if (maxAgeMs !== null && now - servable.readAt > maxAgeMs) {
      return this.#readAsWished(held, key);
    }
    if (this.#isDueForRefresh(servable, now)) this.#refreshBehind(held);
    return stored(held, servable, held.state.lastFailure?.failure.code ?? null);
  }

  /** Nothing may be served: the client waits for the upstream, or learns how the last read failed. */
  async #readFirst(before: Held, key: KnownKey): Promise<HealthAnswer> {
    const seen = before.state.attempt;
    const wish = { timeoutMs: this.#deps.policy.readTimeoutMs, forced: false, seen };
    const checked = await this.#checks.check(before.channel.id, wish);
    if (checked === null) return { kind: 'failed', failure: LATE, retryAfterMs: null };
    return this.#answerAfter(checked, key, before.state.good === null ? 'uri-miss' : 'stale');
  }

  /** A read that the client wished for: granted within its budget, else the stored answer. */
  async #readAsWished(held: Held, key: KnownKey): Promise<HealthAnswer> {
    if (!this.#isGranted(held)) return this.#insteadOf(held, key, 'budget');
    const wish = { timeoutMs: this.#deps.policy.forcedReadTimeoutMs, forced: true };
    const checked = await this.#checks.check(held.channel.id, wish).catch(problemDetail);
    if (checked === null) return this.#insteadOf(held, key, 'timeout');
    if (typeof checked === 'string') return this.#insteadOf(held, key, checked);
    return this.#answerAfter(checked, key, 'request');
  }

  #isGranted({ channel: { id }, state }: Held): boolean {
    if (this.#checks.isRunning(id)) return true;
    const { clock, policy } = this.#deps;
    const now = clock.now();
    return !isAskedToWait(state.lastFailure, policy, now) && this.#wishes.take(id, now) === 0;
  }

  #answerAfter(
    { held, outcome, collapsed }: Checked,
    key: KnownKey,
    fwd: 'uri-miss' | 'stale' | 'request',
  ): HealthAnswer {
    const servable = servableOf(held, this.#deps.clock.now());
    if (servable === null) return this.#failed(held, key);
    if (!outcome.ok) return stored(held, servable, outcome.failure.code);
    return { kind: 'answer', held, servable, story: { hit: false, fwd, collapsed } };
  }

  /** The stored answer in place of a new one; it may have passed its limit meanwhile. */
  #insteadOf(held: Held, key: KnownKey, detail: HitDetail): HealthAnswer {
    const servable = servableOf(held, this.#deps.clock.now());
    return servable === null ? this.#failed(held, key) : stored(held, servable, detail);
  }

  #failed({ channel, state: { lastFailure, trust } }: Held, key: KnownKey): HealthAnswer {
    const failure = lastFailure?.failure ?? LATE;
    const rejected =
      failure.code === 'credential_rejected' ||
      (trust.state === 'ended' && trust.code === 'credential_rejected');
    if (rejected && isOwnKey(channel, key)) return { kind: 'unauthorized' };
    if (lastFailure === null) return { kind: 'failed', failure, retryAfterMs: null };
    const { clock, policy } = this.#deps;
    const retryAfterMs = Math.max(0, retryAt(lastFailure, policy) - clock.now());
    return { kind: 'failed', failure, retryAfterMs };
  }

  /** The schedule has the first word: only what it left undone is read because somebody asked. */
  #isDueForRefresh(servable: Servable, now: number): boolean {
    const { refreshGraceMs } = this.#deps.policy;
    return freshnessOf(servable, now - refreshGraceMs) === 'stale';
  }

  /** Begins a read that this client does not wait for. */
  #refreshBehind({ channel: { id }, state }: Held): void {
    const { clock, policy, events } = this.#deps;
    const now = clock.now();
    if (now < this.#refreshFrom || this.#checks.isRunning(id)) return;
    if (isPaused(state.lastFailure, policy, now)) return;
    const wish = { timeoutMs: policy.readTimeoutMs, forced: true, seen: state.attempt };
    this.#checks.check(id, wish).catch((error: unknown) => {
      this.#refreshFrom = clock.now() + REFRESH_PAUSE_MS;
      events.emit('background_failed', { what: 'refreshing an answer', error });
    });
  }
}

function stored(held: Held, servable: Servable, detail: HitDetail | null): HealthAnswer {
  return { kind: 'answer', held, servable, story: { hit: true, detail } };
}

/** Why no read was made, where that is an operating error of ours. */
function problemDetail(error: unknown): HitDetail {
  if (!(error instanceof Problem)) throw error;
  if (error.code === 'budget_exhausted') return 'budget';
  return error.code === 'store_unavailable' ? 'store_unavailable' : 'busy';
}
