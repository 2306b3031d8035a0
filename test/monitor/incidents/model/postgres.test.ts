/** The model on PostgreSQL; and two programs on one database, whose changes meet each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Problem } from '#domain/problem.ts';
import type { FakeClock } from '#test/fakes/clock.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { createFakeIds } from '#test/fakes/ids.ts';
import { openPostgres } from '#test/fakes/open-postgres-store.ts';
import { withPostgres } from '#test/fakes/with-postgres.ts';
import { Meta, NO_SLIP } from './answers.ts';
import type { Drive } from './drive.ts';
import { addModelFleet, createDrive } from './drive.ts';
import { checkThatAllFits } from './fits.ts';
import { startPlay } from './play.ts';
import type { Step } from './steps.ts';
import { anyStep } from './steps.ts';

const RUNS = 2;
const RACES = 4;
/** Longer than they ever take; what fails is shrunk no further. */
const LIMIT_MS = 60_000;
const CHANNELS = 4;
/** Two programs make ids of their own. */
const OTHERS_IDS = 1_000_000;

withPostgres((server) => {
  test('whatever channels say, incidents are what their words make of them, on PostgreSQL too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, { minLength: 10, maxLength: 25, size: 'max' }),
        async (steps) => {
          const clock = createFakeClock();
          await using store = await openPostgres(await server().createDatabase());
          const play = await startPlay(
            { store, clock, ids: createFakeIds() },
            { channels: CHANNELS },
          );
          for (const step of steps) await play.take(step);
          await play.close();
        },
      ),
      { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS },
    );
  });

  test('two programs at once open nothing twice, lose nobody and leave nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(pair, { minLength: 12, maxLength: 20, size: 'max' }),
        async (pairs) => {
          const clock = createFakeClock();
          const url = await server().createDatabase();
          await using one = await openPostgres(url);
          await using other = await openPostgres(url);
          const channels = await addModelFleet(
            { store: one, clock, ids: createFakeIds() },
            CHANNELS,
          );
          const drives = [one, other].map((store, at) =>
            createDrive({ store, clock, ids: createFakeIds((at + 1) * OTHERS_IDS) }, channels),
          );
          const meta = new Meta();
          for (const steps of pairs) await meet(steps, { drives, meta, clock });
          await Promise.all(drives.map((drive) => drive.close()));
        },
      ),
      { numRuns: RACES, interruptAfterTimeLimit: LIMIT_MS },
    );
  });
});

/** Reads are the most of it, and most of them see one account that is blocked, or no longer. */
const met: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      which: fc.nat(CHANNELS - 1),
      slip: fc.constant(NO_SLIP),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('resolve' as const), which: fc.nat(CHANNELS - 1) }),
  },
  { weight: 3, arbitrary: anyStep },
);

interface Meeting {
  /** What both accounts say from now on. */
  readonly blocked: string;
  readonly seconds: number;
  /** What the two programs do at once. */
  readonly steps: readonly [Step, Step];
}

const pair: fc.Arbitrary<Meeting> = fc.record({
  blocked: fc.constantFrom('BLOCKED', 'BLOCKED', 'AVAILABLE'),
  seconds: fc.constantFrom(0, 31, 31, 120, 301),
  steps: fc.tuple(met, met),
});

interface Stage {
  readonly drives: readonly Drive[];
  readonly meta: Meta;
  readonly clock: FakeClock;
}

async function meet(
  { blocked, seconds, steps }: Meeting,
  { drives, meta, clock }: Stage,
): Promise<void> {
  const said = { word: blocked, hasCode: true };
  for (const which of [0, 1]) meta.take({ kind: 'turn', type: 'WABA', which, said });
  for (const step of steps) meta.take(step);
  clock.jumpTo(clock.now() + seconds * 1_000);
  const [first, second] = steps;
  // One program at a time reads a channel: the other one would wait for it.
  const isSame = isRead(first) && isRead(second) && whichOf(first) === whichOf(second);
  await Promise.all(
    drives.map(async (drive, at) => {
      const step = at === 0 ? first : second;
      if (at === 1 && isSame) return;
      await act(step, drive, meta).catch(expected);
    }),
  );
  const [drive] = drives;
  assert.ok(drive);
  checkThatAllFits(await drive.found());
}

function isRead({ kind }: Step): boolean {
  return kind === 'read' || kind === 'fail';
}

function whichOf(step: Step): number {
  return ('which' in step ? step.which : 0) % CHANNELS;
}

async function act(step: Step, drive: Drive, meta: Meta): Promise<unknown> {
  const which = whichOf(step);
  if (step.kind === 'read') return drive.read(which, meta.answerFor(which, step.slip));
  if (step.kind === 'fail') return drive.read(which, step.code);
  if (step.kind === 'round') return drive.round();
  if (step.kind === 'pause' || step.kind === 'resume') return drive[step.kind](which);
  if (step.kind !== 'resolve' && step.kind !== 'acknowledge') return null;
  const { incidents } = await drive.found();
  const open = incidents.filter(({ incident }) => incident.resolvedAt === null);
  const found = open[step.which % Math.max(1, open.length)];
  return found === undefined ? null : drive[step.kind](found.incident);
}

/** What the other one did first; nothing else may come through. */
function expected(error: unknown): null {
  if (error instanceof Problem && ['not_found', 'conflict'].includes(error.code)) return null;
  throw error;
}
