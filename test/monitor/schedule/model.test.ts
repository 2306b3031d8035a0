/**
 * Any order of reading, failing, hanging, freezing, waking, dying and jumping clocks, by several programs on
 * one store: never two live leases on a channel, never an older outcome over a newer one, and in the end
 * nobody starves.
 */
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Channel } from '#domain/channel.ts';
import type { ChannelId } from '#domain/id.ts';
import { DEFAULT_POLICY } from '#monitor/deps.ts';
import type { FakeClock } from '#test/fakes/clock.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { openTestStore } from '#test/fakes/open-store.ts';
import { addAcme, NOON } from '#test/contracts/store/acme.ts';
import { rowOf } from '#test/contracts/store/harness.ts';
import type { Store } from '#ports/store.ts';
import type { Mood, Program, Witness } from './programs.ts';
import { startProgram } from './programs.ts';

const RUNS = 25;
const PROGRAMS_MAX = 4;
const CHANNELS = ['support', 'sales', 'orders', 'hotline', 'returns'];
const INTERVAL_MS = 120_000;
const SECOND = 1_000;

type Step =
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'mood'; readonly which: number; readonly mood: Mood }
  | { readonly kind: 'release' | 'freeze' | 'wake' | 'kill'; readonly which: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'jump'; readonly seconds: number };

const which = fc.nat(PROGRAMS_MAX - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.nat(90) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('mood' as const),
      which,
      mood: fc.constantFrom<Mood>('good', 'failing', 'hanging'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'release' as const,
        'freeze' as const,
        'wake' as const,
        'kill' as const,
      ),
      which,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'start' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('jump' as const),
      seconds: fc.integer({ min: -7_200, max: 7_200 }),
    }),
  },
);

test('whatever happens to programs and clocks, leases exclude, fences hold and nobody starves', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      await using world = await openWorld();
      for (const one of steps) {
        await world.take(one);
        await world.checkFences();
      }
      await world.checkThatNobodyStarves();
    }),
    { numRuns: RUNS },
  );
});

test('the witness of the leases bites', async () => {
  await using world = await openWorld();
  const [channel] = world.channels;
  assert.ok(channel);
  world.witness.claimed(channel.id, 1_000);
  assert.throws(() => world.witness.claimed(channel.id, 1_001), /two live leases/);
  world.witness.ended(channel.id, 1_000);
  world.witness.claimed(channel.id, 1_002);
});

async function openWorld() {
  const clock = createFakeClock(NOON);
  const store = await openTestStore({ clock });
  const channels = await addAcme(store, ...CHANNELS);
  const time = { passedMs: 0 };
  const errors: unknown[] = [];
  const witness = leaseWitness(clock, time);
  const programs: Program[] = [];
  const start = () => {
    const index = programs.length + 1;
    if (index <= PROGRAMS_MAX)
      programs.push(startProgram({ index, store, clock, witness, errors }));
  };
  start();
  start();
  const fences = new Map<ChannelId, number>();

  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += SECOND) {
      time.passedMs += SECOND;
      await clock.advance(SECOND);
      for (let turn = 0; turn < 12; turn += 1) await setImmediate();
    }
  }

  return {
    channels,
    witness,
    take: (one: Step) => take(one, { clock, programs, start, pass }),
    async checkFences() {
      assert.deepEqual(errors, []);
      await checkFences(store, channels, fences);
    },
    async checkThatNobodyStarves() {
      for (const program of programs) program.kill();
      const heir = startProgram({ index: PROGRAMS_MAX + 1, store, clock, witness, errors });
      programs.push(heir);
      // Longer than any lease, pause or breaker that the past has left, and an interval beyond.
      await pass(10 * 60 * SECOND);
      const since = clock.now() - INTERVAL_MS - DEFAULT_POLICY.leaseMs;
      for (const { id, name } of channels) {
        const { state } = await rowOf(store, id);
        assert.ok((state.good?.readAt ?? 0) >= since, `${name} was not read for too long`);
      }
      assert.deepEqual(errors, []);
    },
    async [Symbol.asyncDispose]() {
      for (const program of programs) program.kill();
      await store[Symbol.asyncDispose]();
    },
  };
}

interface Cast {
  readonly clock: FakeClock;
  readonly programs: readonly Program[];
  readonly start: () => void;
  readonly pass: (ms: number) => Promise<void>;
}

async function take(one: Step, { clock, programs, start, pass }: Cast): Promise<void> {
  if (one.kind === 'pass') return pass(one.seconds * SECOND);
  if (one.kind === 'start') return start();
  if (one.kind === 'jump') return clock.jumpTo(clock.now() + one.seconds * SECOND);
  const program = programs[one.which];
  if (one.kind === 'mood') program?.mood(one.mood);
  else program?.[one.kind]();
}

/** An outcome is never replaced by an older one. */
async function checkFences(
  store: Store,
  channels: readonly Channel[],
  fences: Map<ChannelId, number>,
): Promise<void> {
  for (const { id } of channels) {
    const { attempt } = (await rowOf(store, id)).state;
    assert.ok(attempt >= (fences.get(id) ?? 0), 'an older outcome was written over a newer one');
    fences.set(id, attempt);
  }
}

interface Lease {
  readonly attempt: number;
  readonly at: number;
  readonly passedMs: number;
}

/** Refuses a claim while another one lives, by the clock and by the time that has really passed. */
function leaseWitness(clock: FakeClock, time: { readonly passedMs: number }): Witness {
  const live = new Map<ChannelId, Lease>();
  return {
    claimed(id, attempt) {
      const before = live.get(id);
      const { leaseMs } = DEFAULT_POLICY;
      if (before !== undefined) {
        const isOver =
          clock.now() - before.at >= leaseMs || time.passedMs - before.passedMs >= leaseMs;
        assert.ok(isOver, `two live leases: attempts ${before.attempt} and ${attempt}`);
        assert.ok(attempt > before.attempt, 'an attempt number was given twice');
      }
      live.set(id, { attempt, at: clock.now(), passedMs: time.passedMs });
    },
    ended(id, attempt) {
      if (live.get(id)?.attempt === attempt) live.delete(id);
    },
  };
}
