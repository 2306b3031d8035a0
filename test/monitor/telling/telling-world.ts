/** A store with incidents and receivers, and programs that deliver from it, for tests of telling. */
import { setImmediate } from 'node:timers/promises';
import type { Incident } from '#domain/incidents/incident.ts';
import type { DeliveryKind } from '#domain/telling/delivery.ts';
import type { Message } from '#domain/telling/message.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import type { Rule } from '#domain/telling/rule.ts';
import type { Silence } from '#domain/telling/silence.ts';
import { announce } from '#monitor/telling/announce.ts';
import type { DeliverMeans, Render } from '#monitor/telling/deliver-means.ts';
import { startDelivering } from '#monitor/telling/deliver.ts';
import type { EventMap, EventName, Events } from '#ports/events.ts';
import type { Store } from '#ports/store.ts';
import { NOON } from '#test/contracts/store/acme.ts';
import { aReceiver } from '#test/contracts/store/acme-telling.ts';
import { anIncident } from '#test/domain/telling/an-incident.ts';
import type { FakeClock } from '#test/fakes/clock.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import type { FakeNotifier } from '#test/fakes/notifier.ts';
import { createFakeNotifier, fakeNotifiers } from '#test/fakes/notifier.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import { withIncidents } from '#test/fakes/temporary-incidents.ts';
import { createFakeRandomness } from '#test/fakes/randomness.ts';

export type Heard = { readonly [N in EventName]: readonly [N, EventMap[N]] }[EventName];

/** Everything that a test of telling works with. */
export interface TellingWorld extends AsyncDisposable {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly events: readonly Heard[];
  readonly notifier: FakeNotifier;
  readonly means: DeliverMeans;
  addReceiver(about?: Partial<Receiver>): Promise<Receiver>;
  addRule(rule: Rule): Promise<void>;
  addSilence(silence: Silence): Promise<void>;
  /** Opens it and announces that, in one change. */
  open(about?: Partial<Incident>): Promise<Incident>;
  /** Writes it as it is now, and announces what happened to it. */
  tell(incident: Incident, kind: DeliveryKind): Promise<void>;
  /** Resolves it now and announces that. */
  resolve(incident: Incident): Promise<Incident>;
  /** What is planned for a receiver, oldest first: the kind and what became of it. */
  planned(receiver: Receiver): Promise<readonly string[]>;
  /** Begins a program that delivers; it ends with the world. */
  deliver(about?: Partial<DeliverMeans>): ReturnType<typeof startDelivering>;
  /** Lets time pass, in steps that leave a real store the time to answer. */
  pass(ms: number): Promise<void>;
}

export async function openTellingWorld(
  about: { readonly clock?: FakeClock; readonly store?: Store & AsyncDisposable } = {},
): Promise<TellingWorld> {
  const clock = about.clock ?? createFakeClock(NOON);
  const store = withIncidents(about.store ?? (await openTestStore({ clock })));
  const ids = createFakeIds(1_000);
  const randomness = createFakeRandomness();
  const heard: Heard[] = [];
  const events: Events = {
    emit(name, event) {
      heard.push([name, event] as unknown as Heard);
    },
  };
  const notifier = createFakeNotifier();
  const deps = { store, clock, ids, randomness, events };
  const means = { deps, notifiers: fakeNotifiers(notifier), render: fakeRender };
  const programs: ReturnType<typeof startDelivering>[] = [];

  async function tell(incident: Incident, kind: DeliveryKind): Promise<void> {
    await store.change(async (tx) => {
      await tx.incidents.replace(incident);
      await announce(tx, deps, { incident, kind, at: clock.now() });
    });
  }

  return {
    store,
    clock,
    events: heard,
    notifier,
    means,
    tell,
    async addReceiver(given = {}) {
      const receiver = aReceiver({ urgency: 'notify', createdAt: clock.now(), ...given });
      await store.change((tx) => tx.receivers.add(receiver, { url: 'https://acme.example' }));
      return receiver;
    },
    addRule: (rule) => store.change((tx) => tx.rules.add(rule)),
    addSilence: (silence) => store.change((tx) => tx.silences.add(silence)),
    async open(given = {}) {
      const at = clock.now();
      const { number: _, ...draft } = anIncident({ id: ids.next('inc'), openedAt: at, ...given });
      return store.change(async (tx) => {
        const incident = await tx.incidents.open(draft);
        if (incident === null) throw new Error('this cause has an incident already');
        await announce(tx, deps, { incident, kind: 'opened', at });
        return incident;
      });
    },
    async resolve(incident) {
      const at = clock.now();
      const resolved = {
        ...incident,
        endedAt: at,
        resolvedAt: at,
        resolution: 'recovered',
      } as const;
      await tell(resolved, 'resolved');
      return resolved;
    },
    async planned(receiver) {
      const page = { after: null, limit: 500 };
      const { items } = await store.read((view) =>
        view.outbox.list(page, { receiverId: receiver.id }),
      );
      return items.toReversed().map(({ kind, state }) => `${kind} ${state}`);
    },
    deliver(given = {}) {
      const program = startDelivering({ ...means, ...given });
      programs.push(program);
      return program;
    },
    async pass(ms) {
      const step = Math.max(250, Math.ceil(ms / 200));
      for (let passed = 0; passed < ms; passed += step) {
        await clock.advance(Math.min(step, ms - passed));
        await settled();
      }
    },
    async [Symbol.asyncDispose]() {
      const closing = programs.map((program) => program.close());
      await clock.advance(10_000);
      await Promise.all(closing);
      await store[Symbol.asyncDispose]();
    },
  };
}

/** So many turns as a store in the same process needs to answer what was begun. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 25; turn += 1) await setImmediate();
}

/** Says what is true now in the shortest form: `opened BLOCKED`, `passed`, `resolved`. */
export const fakeRender: Render = async (view, { delivery }) => {
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
