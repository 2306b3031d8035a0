import assert from 'node:assert/strict';
import test from 'node:test';
import { inParallel } from '#monitor/in-parallel.ts';
import { createMonitor } from '#monitor/monitor.ts';
import { repeat } from '#monitor/repeat.ts';
import { watchFleet } from '#monitor/watch-fleet.ts';
import type { Store } from '#ports/store.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { openMonitorWorld } from './monitor-world.ts';

test('a round that is closed begins nothing more, and that is no failure', async () => {
  const clock = createFakeClock();
  const told: unknown[] = [];
  const begun: number[] = [];
  const first = Promise.withResolvers<void>();
  const rounds = repeat(
    { clock, events: { emit: (name, event) => void told.push({ name, event }) } },
    {
      what: 'counting',
      everyMs: 1_000,
      work: (closing) =>
        inParallel([1, 2, 3, 4], { width: 2, closing }, async (item) => {
          begun.push(item);
          await first.promise;
        }),
    },
  );
  await clock.advance(1_000);
  const closed = rounds.close();
  first.resolve();
  await closed;
  assert.deepEqual(begun, [1, 2]);
  assert.deepEqual(told, []);
  assert.equal(clock.pending, 0);
});

test('a failure of the last round is told although it was closed', async () => {
  const clock = createFakeClock();
  const told: string[] = [];
  const gate = Promise.withResolvers<void>();
  const rounds = repeat(
    { clock, events: { emit: (name) => void told.push(name) } },
    { what: 'counting', everyMs: 1_000, work: () => gate.promise },
  );
  await clock.advance(1_000);
  const closed = rounds.close();
  gate.reject(new Error('The disk is gone.'));
  await closed;
  assert.deepEqual(told, ['background_failed']);
});

test('while a round still ends, a closed watch claims no channels', async () => {
  await using world = await openMonitorWorld();
  const gate = Promise.withResolvers<void>();
  const next = { isHeld: false };
  const store: Store = {
    ...world.deps.store,
    async change(work) {
      if (next.isHeld) {
        next.isHeld = false;
        await gate.promise;
      }
      return world.deps.store.change(work);
    },
  };
  const watch = watchFleet(createMonitor({ ...world.deps, store }));
  await world.clock.advance(4_999);
  next.isHeld = true;
  await world.clock.advance(1);
  assert.equal(next.isHeld, false);
  const closed = watch.close();
  await world.clock.advance(1);
  const { changes } = world.looks;
  await world.clock.advance(10_000);
  assert.equal(world.looks.changes, changes);
  gate.resolve();
  await closed;
  assert.equal(world.looks.changes, changes + 1);
});
