/** The clock that follows a database's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followDatabaseClock } from '#stores/postgres/database-clock.ts';
import { createFakeClock } from '#test/fakes/clock.ts';

const NOON = Date.UTC(2026, 2, 1, 12);
const MINUTE = 60_000;

test('the clock says what the database says, half the round trip taken off', async () => {
  const system = createFakeClock(NOON);
  const { clock } = await followDatabaseClock(system, async () => {
    await system.advance(40);
    const told = system.now() + 5_000;
    await system.advance(40);
    return told;
  });
  assert.equal(clock.now(), system.now() + 5_000);
});

test('a system clock that jumps is put right within a minute', async () => {
  const system = createFakeClock(NOON);
  let database = NOON;
  const { clock } = await followDatabaseClock(system, () => Promise.resolve(database));
  system.jumpTo(NOON - 3_600_000);
  database = NOON + MINUTE;
  await system.advance(MINUTE);
  assert.equal(clock.now(), NOON + MINUTE);
});

test('while the database is away, or slow, the clock goes on as before', async () => {
  const system = createFakeClock(NOON);
  const answers: (() => Promise<number>)[] = [
    () => Promise.resolve(NOON + 5_000),
    () => Promise.reject(new Error('away')),
    async () => {
      // As when this machine was asleep while it waited.
      system.jumpTo(system.now() + 3_000);
      return 0;
    },
    async () => {
      system.jumpTo(system.now() - 3_000);
      return 0;
    },
    () => Promise.resolve(system.now() + 7_000),
  ];
  const following = await followDatabaseClock(system, () => answers.shift()?.() ?? assert.fail());
  for (const aheadMs of [5_000, 5_000, 5_000, 7_000]) {
    await system.advance(MINUTE);
    assert.equal(following.clock.now(), system.now() + aheadMs);
  }
  following.stop();
  assert.equal(system.pending, 0);
});

test('what is to run later runs after the delay, whatever the clocks say', async () => {
  const system = createFakeClock(NOON);
  const { clock } = await followDatabaseClock(system, () => Promise.resolve(NOON + 5_000));
  let ran = 0;
  clock.after(1_000, () => (ran += 1));
  await system.advance(999);
  assert.equal(ran, 0);
  await system.advance(1);
  assert.equal(ran, 1);
});

test('a database that does not tell the time at the start is told at once', async () => {
  const following = followDatabaseClock(createFakeClock(NOON), async () => {
    throw new Error('away');
  });
  await assert.rejects(following, /away/);
});
