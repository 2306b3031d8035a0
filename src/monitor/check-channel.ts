/**
 * Every read of a channel, asked for now or scheduled: whoever wants the same read at the same time
 * shares it, and one that goes away does not cancel it for the others.
 */
import type { Channel } from '#domain/channel.ts';
import type { ChannelState, Outcome } from '#domain/channel-state.ts';
import type { ChannelId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Timer } from '#ports/clock.ts';
import type { Usage } from '#ports/upstream.ts';
import { gone } from './claim-channel.ts';
import type { Deps } from './deps.ts';
import type { Held, Latest } from './latest.ts';
import { makeAttempt, newestOutcomeOf, takeTheirs } from './make-attempt.ts';
import type { AttemptMeans, Attempted } from './make-attempt.ts';
import { isPaused, retryAt } from './pause.ts';

export interface CheckWish {
  /** How long the caller waits, in ms. The read itself goes on for others. */
  readonly timeoutMs: number;
  /**
   * True asks the upstream now. False respects the pause after a failure: while it lasts, that failure
   * is the result and nobody is asked.
   */
  readonly forced: boolean;
  /**
   * The newest attempt that the caller has seen: a newer one that another program has written is as good
   * as a read. Left out, only a read that ends after now is.
   */
  readonly seen?: number;
}

export interface CheckResult {
  readonly channel: Channel;
  /** What is known after this check. */
  readonly state: ChannelState;
  /** What this check saw; of a read that somebody else made, what that one left in the store. */
  readonly outcome: Outcome;
  /** True when the caller joined a read that was under way. */
  readonly collapsed: boolean;
  /** False when a newer attempt had been written already, or when nothing was asked. */
  readonly written: boolean;
  readonly tookMs: number;
  readonly usage: readonly Usage[];
}

/** A result together with what memory may serve of it. */
export interface Checked extends CheckResult {
  readonly held: Held;
}

export class Checks {
  readonly #deps: Deps;
  readonly #latest: Latest;
  readonly #means: AttemptMeans;
  readonly #running = new Map<ChannelId, Promise<Attempted>>();
  readonly #scheduled = new Map<ChannelId, Promise<void>>();
  readonly #confirming = new Map<ChannelId, Timer>();
  #waiters = 0;
  #closed = false;

  constructor(deps: Deps, means: Omit<AttemptMeans, 'deps'>) {
    this.#deps = deps;
    this.#latest = means.latest;
    this.#means = { deps, ...means };
  }

  /** As `Monitor.checkChannel`; null when the caller's time is over before the read is. */
  async check(id: ChannelId, wish: CheckWish): Promise<Checked | null> {
    if (!wish.forced && !this.#running.has(id)) {
      const held = await this.#latest.load(id);
      if (held === null) throw gone();
      const remembered = rememberedFailure(held, this.#deps);
      if (remembered !== null) return remembered;
    }
    const joined = this.#running.get(id) ?? this.#joinSchedule(id);
    const done = await this.#waitFor(joined ?? this.#start(id, wish.seen ?? null), wish.timeoutMs);
    return done && checkedOf(done, joined !== undefined);
  }

  /** Whether a read of this channel is under way here. */
  isRunning(id: ChannelId): boolean {
    return this.#running.has(id) || this.#scheduled.has(id);
  }

  /** The schedule reads these channels until `done`, what it saw being written: nobody else need to. */
  occupy(ids: readonly ChannelId[], done: Promise<void>): void {
    for (const id of ids) this.#scheduled.set(id, done);
    void done.finally(() => {
      for (const id of ids) if (this.#scheduled.get(id) === done) this.#scheduled.delete(id);
    });
  }

  /** Arranges the read that confirms or refutes a doubt, unless it is arranged already. */
  watchDoubt({ channel: { id }, state: { trust, lastFailure } }: Held): void {
    const { clock, policy } = this.#deps;
    if (trust.state !== 'doubted' || this.#closed || this.#confirming.has(id)) return;
    if (this.#confirming.size >= policy.readsMax) return;
    const paused = lastFailure === null ? 0 : retryAt(lastFailure, policy);
    const due = Math.max(trust.since + policy.confirmAfterMs, paused);
    const timer = clock.after(Math.max(0, due - clock.now()), () => this.#confirm(id));
    this.#confirming.set(id, timer);
  }

  /** Ends what is arranged, begins no more, and waits for reads under way as long as one may take. */
  async close(): Promise<void> {
    const { clock, policy } = this.#deps;
    this.#closed = true;
    for (const timer of this.#confirming.values()) timer.cancel();
    this.#confirming.clear();
    if (this.#running.size === 0) return;
    const late = Promise.withResolvers<void>();
    const timer = clock.after(policy.readTimeoutMs, late.resolve);
    await Promise.race([Promise.allSettled(this.#running.values()), late.promise]);
    timer.cancel();
  }

  /** What the schedule is about to write, as if another program had read it. */
  #joinSchedule(id: ChannelId): Promise<Attempted> | undefined {
    return this.#scheduled.get(id)?.then(() => takeTheirs(this.#latest, id));
  }

  #start(id: ChannelId, seen: number | null): Promise<Attempted> {
    const { clock, policy } = this.#deps;
    if (this.#closed) throw busy('The server is stopping');
    if (this.#running.size >= policy.readsMax) throw busy('Too many channels are being read');
    const deadline = clock.now() + policy.readTimeoutMs;
    const read = makeAttempt(this.#means, id, { deadline, seen }).finally(() =>
      this.#running.delete(id),
    );
    this.#running.set(id, read);
    // Everybody may have left when it ends: then only the doubt that it raises matters.
    read.then(({ held }) => this.watchDoubt(held)).catch(() => undefined);
    return read;
  }

  /** The result, or null when the caller's time is over first. */
  async #waitFor(read: Promise<Attempted>, timeoutMs: number): Promise<Attempted | null> {
    const { clock, policy } = this.#deps;
    if (this.#waiters >= policy.waitersMax) throw busy('Too many requests are waiting');
    this.#waiters += 1;
    const late = Promise.withResolvers<null>();
    const timer = clock.after(timeoutMs, () => late.resolve(null));
    try {
      return await Promise.race([read, late.promise]);
    } finally {
      this.#waiters -= 1;
      timer.cancel();
    }
  }

  #confirm(id: ChannelId): void {
    const { policy, events } = this.#deps;
    this.#confirming.delete(id);
    this.check(id, { forced: true, timeoutMs: policy.readTimeoutMs }).catch((error: unknown) => {
      // The schedule confirms it when there is budget again.
      if (error instanceof Problem && error.code === 'budget_exhausted') return;
      events.emit('background_failed', { what: 'confirming a failure', error });
    });
  }
}

/** The last failure as a result, while the pause after it lasts. */
function rememberedFailure(held: Held, { clock, policy }: Deps): Checked | null {
  const { channel, state } = held;
  const outcome = newestOutcomeOf(state);
  if (outcome === null || !isPaused(state.lastFailure, policy, clock.now())) return null;
  return {
    held,
    channel,
    state,
    outcome,
    collapsed: false,
    written: false,
    tookMs: 0,
    usage: [],
  };
}

function checkedOf(
  { held, outcome, written, tookMs, usage, elsewhere }: Attempted,
  joined: boolean,
) {
  const { channel, state } = held;
  const collapsed = joined || elsewhere;
  return { held, channel, state, outcome, collapsed, written, tookMs, usage };
}

function busy(what: string): Problem {
  return new Problem('check_failed', `${what}; ask again in a moment.`);
}
