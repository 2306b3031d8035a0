/** A store with incidents and receivers, and programs that deliver from it, for tests of telling. */
import { setImmediate } from 'node:timers/promises';
import type { Incident } from '#domain/incidents/incident.ts';
import type { Delivery, DeliveryKind } from '#domain/telling/delivery.ts';
import type { Message } from '#domain/telling/message.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import type { Rule } from '#domain/telling/rule.ts';
import type { Silence } from '#domain/telling/silence.ts';
import { announce } from '#monitor/telling/announce.ts';
import { POLL_MS } from '#monitor/telling/deliver-means.ts';
import type { DeliverMeans, Render } from '#monitor/telling/deliver-means.ts';
import { startDelivering } from '#monitor/telling/deliver.ts';
import type { Repeated } from '#monitor/repeat.ts';
import type { EventName, Events } from '#ports/events.ts';
import type { Store } from '#ports/store.ts';
import { NOON } from '#test/contracts/store/acme.ts';
import { aReceiver } from '#test/contracts/store/acme-telling.ts';
import { anotherIncident } from '#test/domain/telling/an-incident.ts';
import type { FakeClock } from '#test/fakes/clock.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import type { FakeNotifier } from '#test/fakes/notifier.ts';
import { createFakeNotifier, fakeNotifiers } from '#test/fakes/notifier.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';

/** Long times pass in so many leaps, each with a moment in which programs work off what fell due. */
const LEAPS = 60;
const BEATS_MS = 1_000;

/** Everything that a test of telling works with. */
export interface OutboxWorld extends AsyncDisposable {
  readonly store: Store;
  readonly clock: FakeClock;
  /** The names of all that an operator could observe. */
  readonly events: readonly EventName[];
  readonly notifier: FakeNotifier;
  readonly means: DeliverMeans;
  addReceiver(about?: Partial<Receiver>): Promise<Receiver>;
  addRule(rule: Rule): Promise<void>;
  addSilence(silence: Silence): Promise<void>;
  /** An incident about another WABA each time, to be opened. */
  draft(about?: Partial<Incident>): Omit<Incident, 'number'>;
  /** Opens it and announces that, in one change. */
  open(about?: Partial<Incident>): Promise<Incident>;
  /** Writes it as it is now, and announces what happened to it. */
  tell(incident: Incident, kind: DeliveryKind): Promise<void>;
  /** Resolves it now and announces that. */
  resolve(incident: Incident): Promise<Incident>;
  /** What is planned for a receiver, oldest first. */
  rows(receiver: Receiver): Promise<readonly Delivery[]>;
  /** The same in short: the kind and what became of it. */
  planned(receiver: Receiver): Promise<readonly string[]>;
  /** Begins a program that delivers; it ends with the world. */
  deliver(about?: Partial<DeliverMeans>): ReturnType<typeof startDelivering>;
  /** It is dead, and its end is waited for by nobody. */
  abandon(program: Repeated): void;
  /** A program of the test's own, which ends with the world. */
  run(program: Repeated): void;
  /** Lets time pass, in steps that leave a real store the time to answer. */
  pass(ms: number): Promise<void>;
}

export async function openOutboxWorld(
  about: { readonly clock?: FakeClock; readonly store?: Store & AsyncDisposable } = {},
): Promise<OutboxWorld> {
  const clock = about.clock ?? createFakeClock(NOON);
  return new World(clock, about.store ?? (await openTestStore({ clock })));
}

class World implements OutboxWorld {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly events: EventName[] = [];
  readonly notifier = createFakeNotifier();
  readonly means: DeliverMeans;
  readonly #opened: AsyncDisposable;
  readonly #settled: () => Promise<void>;
  readonly #programs = new Set<Repeated>();

  constructor(clock: FakeClock, opened: Store & AsyncDisposable) {
    const watch = watched(opened);
    this.store = watch.store;
    this.clock = clock;
    this.#opened = opened;
    this.#settled = () => watch.settled();
    const events: Events = { emit: (name) => void this.events.push(name) };
    const chance = { ids: createFakeIds(1_000), randomness: createFakeRandomness() };
    const deps = { store: watch.store, clock, events, ...chance };
    this.means = { deps, notifiers: fakeNotifiers(this.notifier), render: fakeRender };
  }

  async addReceiver(given: Partial<Receiver> = {}): Promise<Receiver> {
    const usual = { name: 'ops', urgency: 'notify', createdAt: this.clock.now() } as const;
    const receiver = aReceiver({ ...usual, ...given });
    await this.store.change((tx) => tx.receivers.add(receiver, { url: 'https://acme.example' }));
    return receiver;
  }

  addRule(rule: Rule): Promise<void> {
    return this.store.change((tx) => tx.rules.add(rule));
  }

  addSilence(silence: Silence): Promise<void> {
    return this.store.change((tx) => tx.silences.add(silence));
  }

  draft(given: Partial<Incident> = {}): Omit<Incident, 'number'> {
    const id = this.means.deps.ids.next('inc');
    const { number: _, ...rest } = anotherIncident({ id, openedAt: this.clock.now(), ...given });
    return rest;
  }

  open(given: Partial<Incident> = {}): Promise<Incident> {
    const at = this.clock.now();
    return this.store.change(async (tx) => {
      const incident = await tx.incidents.open(this.draft(given));
      if (incident === null) throw new Error('this cause has an incident already');
      await announce(tx, this.means.deps, { incident, kind: 'opened', at });
      return incident;
    });
  }

  async tell(incident: Incident, kind: DeliveryKind): Promise<void> {
    await this.store.change(async (tx) => {
      await tx.incidents.replace(incident);
      await announce(tx, this.means.deps, { incident, kind, at: this.clock.now() });
    });
  }

  async resolve(incident: Incident): Promise<Incident> {
    const at = this.clock.now();
    const ended = { endedAt: at, resolvedAt: at, resolution: 'recovered' } as const;
    const resolved = { ...incident, ...ended };
    await this.tell(resolved, 'resolved');
    return resolved;
  }

  async rows({ id: receiverId }: Receiver): Promise<readonly Delivery[]> {
    const page = { after: null, limit: 500 };
    const { items } = await this.store.read((view) => view.outbox.list(page, { receiverId }));
    return items.toReversed();
  }

  async planned(receiver: Receiver): Promise<readonly string[]> {
    return (await this.rows(receiver)).map(({ kind, state }) => `${kind} ${state}`);
  }

  deliver(given: Partial<DeliverMeans> = {}): ReturnType<typeof startDelivering> {
    const program = startDelivering({ ...this.means, ...given });
    this.#programs.add(program);
    return program;
  }

  run(program: Repeated): void {
    this.#programs.add(program);
  }

  abandon(program: Repeated): void {
    this.#programs.delete(program);
  }

  async pass(ms: number): Promise<void> {
    const leaps = ms > LEAPS * BEATS_MS ? LEAPS : 0;
    for (let leap = 0; leap < leaps; leap += 1) {
      this.clock.jumpTo(this.clock.now() + Math.floor(ms / leaps) - BEATS_MS);
      await this.#beat(BEATS_MS);
    }
    if (leaps === 0) await this.#beat(ms);
  }

  async #beat(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += POLL_MS) {
      await this.clock.advance(Math.min(POLL_MS, ms - passed));
      await this.#settled();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closing = [...this.#programs].map((program) => program.close());
    await this.clock.advance(10_000);
    await Promise.all(closing);
    await this.#opened[Symbol.asyncDispose]();
  }
}

/** The store, and a wait for all that was begun on it, as far as that needs no time to pass. */
function watched(opened: Store): { readonly store: Store; settled(): Promise<void> } {
  let calls = 0;
  async function counted<T>(call: () => Promise<T>): Promise<T> {
    calls += 1;
    try {
      return await call();
    } finally {
      calls -= 1;
    }
  }
  return {
    store: {
      ...opened,
      read: (work) => counted(() => opened.read(work)),
      scan: (work) => counted(() => opened.scan(work)),
      change: (work) => counted(() => opened.change(work)),
    },
    async settled() {
      for (let quiet = 0; quiet < QUIET_TURNS; quiet = calls === 0 ? quiet + 1 : 0) {
        await setImmediate();
      }
    },
  };
}

/** So many turns without a call: whoever was answered has begun what follows. */
const QUIET_TURNS = 4;

/** Says what is true now in the shortest form: `opened BLOCKED`, `passed`, `resolved`. */
const fakeRender: Render = async (view, { delivery }) => {
  const { incidentId, kind, about } = delivery;
  const incident = incidentId === null ? null : await view.incidents.find(incidentId);
  const isOver = incident !== null && incident.resolvedAt !== null;
  const said = isOver && kind !== 'resolved' ? 'passed' : `${kind} ${incident?.status ?? about}`;
  return {
    ...A_MESSAGE,
    phase: incident === null ? 'note' : isOver ? 'ended' : 'firing',
    title: isOver && kind === 'resolved' ? 'resolved' : said,
    dedupKey: `waba-health:inst:${incidentId}`,
  };
};

const A_MESSAGE: Message = {
  kind: 'incident.opened',
  severity: 'critical',
  phase: 'firing',
  title: '',
  lines: [],
  link: null,
  dedupKey: '',
  at: NOON,
  incident: null,
  labels: {},
};
