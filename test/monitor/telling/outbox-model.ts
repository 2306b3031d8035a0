/**
 * Any order of opening, worsening, ending, sending, refusing, hanging, dying and jumping clocks, by several programs
 * on one store. In the end, with a receiver that works again: nothing that was committed is lost, one id says one
 * thing, and no beginning comes after its end.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { IncidentId } from '#domain/id.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import type { OnDeliveryStep } from '#monitor/telling/delivery-steps.ts';
import type { Repeated } from '#monitor/repeat.ts';
import type { SendResult, Sending } from '#ports/notifier.ts';
import { AWAY, TAKEN } from '#test/fakes/notifier.ts';
import type { OutboxWorld } from './outbox-world.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
const PROGRAMS_MAX = 3;

const MOODS = ['takes', 'away', 'throttles', 'takes_and_drops', 'refuses', 'hangs'] as const;
type Mood = (typeof MOODS)[number];

type Step =
  | { readonly kind: 'open' | 'start' | 'kill' }
  | { readonly kind: 'worsen' | 'end'; readonly which: number }
  | { readonly kind: 'mood'; readonly mood: Mood }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'jump'; readonly seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'open' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('worsen' as const, 'end' as const),
      which: fc.nat(20),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('mood' as const), mood: fc.constantFrom(...MOODS) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('start' as const, 'kill' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('jump' as const),
      seconds: fc.integer({ min: -7_200, max: 7_200 }),
    }),
  },
);

export function outboxModel(open: () => Promise<OutboxWorld>, numRuns: number): void {
  test('whatever happens, nothing is lost, one id says one thing, and the end comes last', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        await using world = await open();
        const run = new Run(world, await world.addReceiver());
        for (const one of steps) await run.take(one);
        await run.checkEnd();
      }),
      { numRuns },
    );
  });
}

class Run {
  readonly #world: OutboxWorld;
  readonly #receiver: Receiver;
  readonly #incidents: Incident[] = [];
  readonly #programs: { readonly running: Repeated; readonly die: () => void }[] = [];
  /** What the service took, in the order in which it did: repetitions of an id left out. */
  readonly #taken: { readonly incident: string; readonly phase: string }[] = [];
  #mood: Mood = 'takes';

  constructor(world: OutboxWorld, receiver: Receiver) {
    this.#world = world;
    this.#receiver = receiver;
    world.notifier.answers((sending) => this.#answer(sending));
    this.#start();
  }

  async take(one: Step): Promise<void> {
    const world = this.#world;
    if (one.kind === 'open') this.#incidents.push(await world.open());
    if (one.kind === 'mood') this.#mood = one.mood;
    if (one.kind === 'start') this.#start();
    if (one.kind === 'kill') this.#programs.shift()?.die();
    if (one.kind === 'pass') await world.pass(one.seconds * SECOND);
    if (one.kind === 'jump') world.clock.jumpTo(world.clock.now() + one.seconds * SECOND);
    if (one.kind === 'worsen' || one.kind === 'end') await this.#change(one);
  }

  /** With a receiver that works, a program that lives, and time. */
  async checkEnd(): Promise<void> {
    this.#mood = 'takes';
    for (const { die } of this.#programs.splice(0)) die();
    this.#start();
    // Longer than any clock was set back, and than any pause between tries.
    await this.#world.pass(40 * HOUR);
    await this.#world.pass(40 * HOUR);
    const rows = await this.#world.rows(this.#receiver);
    for (const row of rows) this.#checkRow(row, rows);
    for (const { id, resolvedAt } of this.#incidents) this.#checkIncident(id, { resolvedAt, rows });
  }

  async #change({ kind, which }: Step & { readonly kind: 'worsen' | 'end' }): Promise<void> {
    const open = this.#incidents.filter(({ resolvedAt }) => resolvedAt === null);
    const incident = open[which % Math.max(1, open.length)];
    if (incident === undefined) return;
    if (kind === 'worsen') return this.#world.tell(incident, 'worse');
    this.#incidents[this.#incidents.indexOf(incident)] = await this.#world.resolve(incident);
  }

  #start(): void {
    if (this.#programs.length >= PROGRAMS_MAX) return;
    const never = Promise.withResolvers<never>().promise;
    let isDead = false;
    const onStep: OnDeliveryStep = async (at) => {
      if (!isDead) return;
      if (at === 'finishing') throw new Error('the program died within a change');
      await never;
    };
    const running = this.#world.deliver({ onStep });
    const die = () => {
      isDead = true;
      this.#world.abandon(running);
    };
    this.#programs.push({ running, die });
  }

  #answer(sending: Sending): SendResult | Promise<SendResult> {
    const take = () => {
      const { message, id } = sending;
      const isNew = !this.#world.notifier.ledger.has(id);
      if (isNew) this.#taken.push({ incident: message.dedupKey, phase: message.phase });
    };
    switch (this.#mood) {
      case 'takes':
        take();
        return TAKEN;
      case 'takes_and_drops':
        take();
        this.#world.notifier.takes(sending);
        return AWAY;
      case 'away':
        return AWAY;
      case 'throttles':
        return { outcome: 'throttled', status: 429, retryAfterMs: 9_000, detail: 'peace' };
      case 'refuses':
        return { outcome: 'config', status: 410, detail: 'gone' };
      case 'hangs':
        return Promise.withResolvers<SendResult>().promise;
    }
    return AWAY;
  }

  #checkRow(row: Delivery, rows: readonly Delivery[]): void {
    const { notifier } = this.#world;
    assert.notEqual(row.state, 'pending', `${row.kind} is still owed`);
    if (row.state === 'delivered') assert.ok(notifier.ledger.has(row.id), 'delivered to nobody');
    if (row.state === 'merged') {
      const summary = rows.find(({ id }) => id === row.mergedInto);
      assert.ok(summary, 'merged into nothing');
      assert.ok(JSON.parse(summary.about ?? '[]').includes(row.incidentId), 'not in its summary');
    }
    const phases = new Set(
      notifier.sent.filter(({ id }) => id === row.id).map(({ message }) => message.phase),
    );
    assert.ok(phases.size <= 1, 'one id said two things');
  }

  /** It was told, or merged into what was, or is listed as dead; and what was told last is what is true. */
  #checkIncident(
    id: IncidentId,
    {
      resolvedAt,
      rows,
    }: { readonly resolvedAt: number | null; readonly rows: readonly Delivery[] },
  ): void {
    const own = rows.filter(({ incidentId }) => incidentId === id);
    const ends = own.filter(({ kind }) => kind === 'resolved');
    assert.equal(ends.length, resolvedAt === null ? 0 : 1);
    const known = ['delivered', 'merged', 'dead'];
    assert.ok(
      own.some(({ state }) => known.includes(state)),
      'an incident was lost',
    );
    const said = this.#taken.filter(({ incident }) => incident.endsWith(id));
    const firstEnd = said.findIndex(({ phase }) => phase === 'ended');
    const lastBegin = said.findLastIndex(({ phase }) => phase === 'firing');
    if (firstEnd >= 0) assert.ok(lastBegin < firstEnd, 'a beginning came after its end');
    const isEndTold = ends.every(({ state }) => known.includes(state) || state === 'superseded');
    assert.ok(isEndTold, 'an end was withheld');
  }
}
