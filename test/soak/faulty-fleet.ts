/**
 * A fleet before the real simulator, over real HTTP and a real store, in a time that is moved: it goes on when
 * nothing is under way any more. So counts are exact, and no run waits.
 */
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { sha256Digest } from '#app/sha256-digest.ts';
import type { ChannelId } from '#domain/id.ts';
import { DEFAULT_POLICY } from '#monitor/deps.ts';
import type { Monitor } from '#monitor/monitor.ts';
import { createMonitor } from '#monitor/monitor.ts';
import type { Transition } from '#domain/transition.ts';
import type { Store } from '#ports/store.ts';
import { FAULT_KINDS } from '#simulator/fault-kinds.ts';
import type { FaultKind, FaultLevel } from '#simulator/fault-kinds.ts';
import type { Simulator } from '#simulator/start.ts';
import { startSimulator } from '#simulator/start.ts';
import { metaWebhooks } from '#upstreams/graph/webhook/webhooks.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import type { FakeClock } from '#test/fakes/clock.ts';
import { createFakeDirectory } from '#test/fakes/directory.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';
import { createFakeUpstream } from '#test/fakes/upstream.ts';
import { addFleet } from '#test/monitor/schedule/fleet.ts';
import { createGraph } from '#upstreams/graph/graph.ts';
import { createTransport } from '#upstreams/transport/transport.ts';

const INTERVAL_MS = 60_000;
const TICK_MS = DEFAULT_POLICY.tickMs;
/** Turns of the event loop without any progress after which nothing is under way. */
const QUIET_TURNS = 40;
const IDLE_TURNS = 6;

/** A way to be bad, at one of its levels. */
export interface FaultWay {
  readonly kind: FaultKind;
  readonly level: FaultLevel;
}

export const FAULT_WAYS: readonly FaultWay[] = Object.entries(FAULT_KINDS).flatMap(
  ([kind, levels]) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key of the table
    levels.map((level) => ({ kind: kind as FaultKind, level })),
);

/** Good reads that say something else, so that their channels may well change. */
const TELLING: ReadonlySet<FaultKind> = new Set(['unknown_type', 'unknown_word']);

export interface FaultyRun {
  readonly channels: number;
  /** What strikes, each `each` channels that nothing else strikes. */
  readonly ways: readonly FaultWay[];
  readonly each: number;
  /** For how many intervals it strikes. */
  readonly intervals: number;
}

export interface FaultyReport {
  /** Of the channels that nothing struck: the fewest and the most good checks. */
  readonly checksMin: number;
  readonly checksMax: number;
  readonly healthy: number;
  /** Reads that failed, and how late reads began in the end, in the time that is moved. */
  readonly failed: number;
  readonly lagP99Ms: number;
  /** Transitions of channels whose answers never said anything else. */
  readonly invented: readonly Transition[];
}

/** Watches a fleet until all of it is known, lets the faults strike, and tells what became of the others. */
export async function runFaultyFleet(about: FaultyRun): Promise<FaultyReport> {
  await using world = await openFaultyWorld(about.channels);
  world.monitor.schedule.start();
  await world.pass(2 * INTERVAL_MS);
  const struck = strike(world, about);
  const [checks, failures, told] = [world.checks.length, world.failed(), world.transitions.length];
  await world.pass(about.intervals * INTERVAL_MS);
  const good = Map.groupBy(world.checks.slice(checks), (id) => id);
  const healthy = world.ids.filter((id) => !struck.has(id));
  const counts = healthy.map((id) => good.get(id)?.length ?? 0);
  const tellers = [...struck].filter(([, { kind }]) => TELLING.has(kind)).map(([id]) => id);
  return {
    checksMin: Math.min(...counts),
    checksMax: Math.max(...counts),
    healthy: healthy.length,
    failed: world.failed() - failures,
    lagP99Ms: world.monitor.schedule.facts().lagP99Ms,
    invented: world.transitions.slice(told).filter(({ channelId }) => !tellers.includes(channelId)),
  };
}

/** The one token of a generated world. */
function simulatedToken(): string {
  return `EAAsim${'0'.repeat(16)}`;
}

type FaultyWorld = Awaited<ReturnType<typeof openFaultyWorld>>;

/** Channels all over the fleet, each struck in one way. */
function strike(
  { simulator, ids }: FaultyWorld,
  { ways, each, channels }: FaultyRun,
): ReadonlyMap<ChannelId, FaultWay> {
  const struck = new Map<ChannelId, FaultWay>();
  const wanted = ways.length * each;
  const apart = Math.floor(channels / Math.max(1, wanted));
  assert.ok(wanted === 0 || apart > 0, 'there are more faults than channels');
  for (let at = 0; at < wanted; at += 1) {
    const way = ways[at % ways.length];
    const id = ids[at * apart];
    assert.ok(way && id);
    simulator.control.fault({ ...way, node: `number-${at * apart}`, ms: 60_000 });
    struck.set(id, way);
  }
  return struck;
}

async function openFaultyWorld(count: number) {
  await using opened = new AsyncDisposableStack();
  const clock = createFakeClock();
  const wabas = Math.ceil(count / 20);
  const generate = { numbers: count, wabas, businesses: wabas, apps: 1, tokens: 1 };
  const starting = startSimulator({ clock, world: { generate } });
  const simulator = opened.adopt(await starting, (one) => one.close());
  simulator.control.quotas({ on: false });
  const store = opened.use(await openTestStore({ clock }));
  const transport = createTransport({ clock });
  const graph = createGraph({ transport, clock, baseUrl: simulator.graphUrl });
  opened.defer(() => graph.close());
  const seen = new Seen();
  const deps = {
    store: seen.watching(store),
    upstreams: { graph, dialog360: createFakeUpstream('dialog360') },
    clock,
    ids: createFakeIds(),
    randomness: createFakeRandomness(),
    directory: createFakeDirectory(),
    webhooks: metaWebhooks,
    digest: sha256Digest,
    events: {
      emit: (name: string, event: unknown) => seen.hear(name, event),
    },
    policy: { ...DEFAULT_POLICY, graphReadsPerHour: 1_000_000_000 },
  };
  const monitor = createMonitor(deps);
  opened.defer(() => endOf(monitor, clock));
  const about = { intervalMs: INTERVAL_MS };
  const wish = { channels: count, token: simulatedToken, about };
  const channels = await addFleet({ deps, store }, wish);
  const all = opened.move();
  return {
    monitor,
    simulator,
    ids: channels.map(({ id }) => id),
    checks: seen.checks,
    transitions: seen.transitions,
    failed: () => seen.failed,
    pass: (ms: number) => pass(ms, { clock, monitor, simulator, seen }),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** What happened, as the program tells it. */
class Seen {
  /** The channels of good checks, in their order. */
  readonly checks: ChannelId[] = [];
  readonly transitions: Transition[] = [];
  failed = 0;
  events = 0;

  hear(name: string, event: unknown): void {
    this.events += 1;
    assert.notEqual(name, 'background_failed', inspect(event));
    if (name !== 'check_finished') return;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- emitted under this name
    const { channelId, failure } = event as { channelId: ChannelId; failure: string | null };
    if (failure === null) this.checks.push(channelId);
    else this.failed += 1;
  }

  watching(store: Store): Store {
    return {
      ...store,
      change: (work) =>
        store.change((tx) => {
          const add = async (transitions: readonly Transition[]) => {
            await tx.history.add(transitions);
            this.transitions.push(...transitions);
          };
          return work({ ...tx, history: { ...tx.history, add } });
        }),
    };
  }
}

interface Moving {
  readonly clock: FakeClock;
  readonly monitor: Monitor;
  readonly simulator: Simulator;
  readonly seen: Seen;
}

async function pass(ms: number, world: Moving): Promise<void> {
  for (let passed = 0; passed < ms; passed += TICK_MS) {
    await world.clock.advance(TICK_MS);
    await quiet(world);
  }
}

/** Resolves when nothing moves any more: what is still under way hangs until time goes on. */
async function quiet({ monitor, simulator, seen, clock }: Moving): Promise<void> {
  let last = '';
  for (let turns = 0; turns < (monitor.schedule.facts().inFlight > 0 ? QUIET_TURNS : IDLE_TURNS);) {
    await setImmediate();
    const { requests, open } = simulator.control.counts();
    const { inFlight, trips } = monitor.schedule.facts();
    const now = [seen.events, requests, open, inFlight, trips, clock.pending].join();
    turns = now === last ? turns + 1 : 0;
    last = now;
  }
}

/** Reads that hang end when their time is over. */
async function endOf(monitor: Monitor, clock: FakeClock): Promise<void> {
  const state = { hasEnded: false };
  const closing = monitor.close().finally(() => (state.hasEnded = true));
  while (!state.hasEnded) {
    await clock.advance(1_000);
    await setImmediate();
  }
  await closing;
}
