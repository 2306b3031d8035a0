/**
 * `watch-until-killed.ts sqlite|postgres <directory or address>`: the real schedule over the real store,
 * before an upstream that never says the same twice. After each commit it prints a line for each transition
 * that was in it, and goes on until somebody kills it.
 */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { sha256Digest } from '#app/sha256-digest.ts';
import { systemClock } from '#app/system-clock.ts';
import { systemRandomness } from '#app/system-randomness.ts';
import { createIds } from '#app/uuid-ids.ts';
import { Problem } from '#domain/problem.ts';
import type { Transition } from '#domain/transition.ts';
import { DEFAULT_POLICY } from '#monitor/deps.ts';
import { createMonitor } from '#monitor/monitor.ts';
import type { Store } from '#ports/store.ts';
import { metaWebhooks } from '#upstreams/graph/webhook/webhooks.ts';
import { createFakeDirectory } from '#test/fakes/directory.ts';
import { createFakeUpstream } from '#test/fakes/upstream.ts';
import { openEngine } from '#test/fakes/open-engine.ts';
import { createRestlessUpstream } from '#test/soak/restless-upstream.ts';

const PAGE = 200;
const LOOK_EVERY_MS = 5;

const [, , engine = '', where = ''] = process.argv;
// The clock's timers keep no process alive; this does, for as long as the one that started it lives.
process.stdin.resume();
const ids = createIds({ clock: systemClock, randomness: systemRandomness });
const given = { clock: systemClock, ids, randomness: systemRandomness };
const store = await openEngine(engine, where, given);
const monitor = createMonitor({
  store: acknowledging(store),
  upstreams: {
    graph: createRestlessUpstream(store.clock, systemRandomness),
    dialog360: createFakeUpstream('dialog360'),
  },
  clock: store.clock,
  ids,
  randomness: systemRandomness,
  directory: createFakeDirectory(),
  webhooks: metaWebhooks,
  digest: sha256Digest,
  events: {
    emit(name, event) {
      if (name === 'background_failed' && isBug(event)) throw new Error(inspect(event));
    },
  },
  policy: {
    ...DEFAULT_POLICY,
    tickMs: 20,
    gatherMs: 20,
    confirmAfterMs: 0,
    // Short, so that what a dead program had claimed does not keep the next ones waiting.
    leaseMs: 7_000,
    graphReadsPerHour: 1_000_000_000,
  },
});
await wakeAll().catch(passOver);
monitor.schedule.start();
await readOnAndOn();

/** Whoever was backing off when the last program died is due again. */
async function wakeAll(): Promise<void> {
  await store.change(async (tx) => {
    const { items } = await tx.channels.list({ after: null, limit: PAGE });
    // In the order of ids, as everybody locks rows.
    const order = items.map(({ channel }) => channel.id).toSorted();
    for (const id of order) await tx.schedule.setDue(id, store.clock.now());
  });
}

/** Reads all the while, as clients and listings do, and asks for reads besides those that are due. */
async function readOnAndOn(): Promise<never> {
  for (;;) {
    try {
      const { items } = await store.read((view) =>
        view.channels.list({ after: null, limit: PAGE }),
      );
      for (const { channel } of items) {
        const wish = { forced: true, timeoutMs: 1_000 };
        await monitor.checkChannel(channel.id, wish).catch(passOver);
        await pause();
      }
    } catch (error) {
      passOver(error);
      await pause();
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    systemClock.after(LOOK_EVERY_MS, resolve);
  });
}

function passOver(error: unknown): void {
  if (!(error instanceof Problem)) throw error;
}

function isBug(event: unknown): boolean {
  const error = typeof event === 'object' && event !== null && 'error' in event && event.error;
  return !(error instanceof Problem);
}

/** Says what was committed, once it is. */
function acknowledging(inner: Store): Store {
  return {
    ...inner,
    async change(work) {
      const { result, added } = await inner.change(async (tx) => {
        // Anew with each run: a change that is run again has written nothing before.
        const run: Transition[] = [];
        const history = {
          ...tx.history,
          async add(transitions: readonly Transition[]) {
            await tx.history.add(transitions);
            run.push(...transitions);
          },
        };
        return { result: await work({ ...tx, history }), added: run };
      });
      for (const transition of added) acknowledge(transition);
      return result;
    },
  };
}

/** Synchronous, so that a line is out before anything else is committed. */
function acknowledge(transition: Transition): void {
  const { id, channelId, series, was, is, detail, attempt } = transition;
  writeSync(1, `${JSON.stringify({ id, channelId, series, was, is, detail, attempt })}\n`);
}
