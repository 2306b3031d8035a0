/** Several programs on one store, each of which can freeze, wake and die as a process does. */
import { sha256Digest } from '#app/sha256-digest.ts';
import type { ChannelId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import { DEFAULT_POLICY } from '#monitor/deps.ts';
import { createMonitor } from '#monitor/monitor.ts';
import type { Monitor } from '#monitor/monitor.ts';
import type { Clock } from '#ports/clock.ts';
import type { Store, StoreChange } from '#ports/store.ts';
import type { Answer } from '#ports/upstream.ts';
import type { FakeClock } from '#test/fakes/clock.ts';
import { metaWebhooks } from '#upstreams/graph/webhook/webhooks.ts';
import { createFakeDirectory } from '#test/fakes/directory.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';
import { createFakeUpstream, failedAnswer, goodAnswer } from '#test/fakes/upstream.ts';
import { example } from '#test/monitor/monitor-world.ts';

/** What the store was asked for, as it happened. */
export interface Witness {
  /** A claim was given. */
  claimed(channelId: ChannelId, attempt: number): void;
  /** A claim was given back, or its outcome written. */
  ended(channelId: ChannelId, attempt: number): void;
}

export type Mood = 'good' | 'failing' | 'hanging';

export interface Program {
  readonly monitor: Monitor;
  /** How its upstream answers from now on. */
  mood(mood: Mood): void;
  /** What its upstream held back is answered now. */
  release(): void;
  /** SIGSTOP: nothing of it runs until `wake`. */
  freeze(): void;
  wake(): void;
  /** SIGKILL: nothing of it ever runs again. */
  kill(): void;
}

export interface ProgramWish {
  readonly index: number;
  readonly store: Store;
  readonly clock: FakeClock;
  readonly witness: Witness;
  /** Takes what no program should ever meet. */
  readonly errors: unknown[];
}

export function startProgram({ index, store, clock, witness, errors }: ProgramWish): Program {
  const life = new Life();
  const graph = createFakeUpstream('graph');
  let mood: Mood = 'good';
  let held: (() => void)[] = [];
  graph.answers((): Answer | Promise<Answer> => {
    if (mood === 'good') return goodAnswer(example('phone-available'));
    if (mood === 'failing') return failedAnswer('upstream_error');
    const { promise, resolve } = Promise.withResolvers<Answer>();
    held.push(() => resolve(goodAnswer(example('phone-available'))));
    return promise;
  });
  const monitor = createMonitor({
    store: storeOf(store, life, witness),
    upstreams: { graph, dialog360: createFakeUpstream('dialog360') },
    directory: createFakeDirectory(),
    webhooks: metaWebhooks,
    clock: clockOf(clock, life),
    ids: createFakeIds(index * 1_000_000),
    randomness: createFakeRandomness(),
    digest: sha256Digest,
    events: {
      emit(name, event) {
        if (name === 'background_failed') errors.push(event);
      },
    },
    // A coarser look at what is due, for a test that lives through hours.
    policy: { ...DEFAULT_POLICY, tickMs: 1_000 },
  });
  monitor.schedule.start();
  return {
    monitor,
    mood: (next) => void (mood = next),
    release() {
      for (const answer of held) answer();
      held = [];
    },
    freeze: () => life.freeze(),
    wake: () => life.wake(),
    kill: () => life.kill(),
  };
}

/** Whether a process runs, stands still or is dead. */
class Life {
  isDead = false;
  #thaw: PromiseWithResolvers<void> | null = null;

  freeze(): void {
    this.#thaw ??= Promise.withResolvers<void>();
  }

  wake(): void {
    this.#thaw?.resolve();
    this.#thaw = null;
  }

  kill(): void {
    this.isDead = true;
    this.wake();
  }

  /** Resolves when it may go on; never for one that is dead. */
  async turn(): Promise<void> {
    await this.#thaw?.promise;
    if (this.isDead) await new Promise<never>(() => undefined);
  }
}

function clockOf(clock: FakeClock, life: Life): Clock {
  return {
    now: () => clock.now(),
    after: (delayMs, work) => clock.after(delayMs, () => void life.turn().then(work)),
  };
}

/** A transaction of a dead program never begins; one that stands still begins when it wakes. */
function storeOf(store: Store, life: Life, witness: Witness): Store {
  return {
    async read(work) {
      await life.turn();
      return store.read(work);
    },
    async scan(work) {
      await life.turn();
      return store.scan(work);
    },
    async change(work) {
      await life.turn();
      const seen: (() => void)[] = [];
      const result = await store.change((tx) => work(watched(tx, witness, seen)));
      for (const tell of seen) tell();
      return result;
    },
    follow: () => undefined,
    close: () => Promise.reject(new Problem('store_unavailable', 'It belongs to the test.')),
  };
}

/** Remembers what happens in the transaction, to be told once it is committed. */
function watched(tx: StoreChange, witness: Witness, seen: (() => void)[]): StoreChange {
  const { schedule, channels } = tx;
  return {
    ...tx,
    schedule: {
      ...schedule,
      async claimDue(about) {
        const due = await schedule.claimDue(about);
        for (const { channel, attempt } of due) {
          seen.push(() => witness.claimed(channel.id, attempt));
        }
        return due;
      },
      async giveBack(claims) {
        await schedule.giveBack(claims);
        for (const { id, attempt } of claims) seen.push(() => witness.ended(id, attempt));
      },
      async writeUnchanged(reads) {
        const ids = await schedule.writeUnchanged(reads);
        for (const { id, attempt } of reads) {
          if (ids.has(id)) seen.push(() => witness.ended(id, attempt));
        }
        return ids;
      },
    },
    channels: {
      ...channels,
      async writeState(id, state, body) {
        const isWritten = await channels.writeState(id, state, body);
        if (isWritten) seen.push(() => witness.ended(id, state.attempt));
        return isWritten;
      },
    },
  };
}
