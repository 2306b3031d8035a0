import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHeartbeat } from '#monitor/heartbeat.ts';
import type { HeartbeatWish } from '#monitor/heartbeat.ts';
import { watchFleet } from '#monitor/watch-fleet.ts';
import { addReceivers, aDelivery } from '#test/contracts/store/acme-telling.ts';
import { openMonitorWorld } from '#test/monitor/monitor-world.ts';
import { allIsWell } from './acme-monitor.ts';

const MINUTE = 60_000;

/** A fleet of one channel that is watched, and a heartbeat that counts its pings. */
async function openBeatingWorld(wish: Partial<HeartbeatWish> = {}) {
  const world = await openMonitorWorld({ tickMs: 1_000 });
  allIsWell(world);
  const channel = await world.addChannel();
  const watching = watchFleet(world.monitor);
  const answer: { trouble: string | null } = { trouble: null };
  let pings = 0;
  const heartbeat = {
    ping: () => {
      pings += 1;
      return Promise.resolve(answer.trouble);
    },
  };
  const beating = startHeartbeat(world.monitor, {
    heartbeat,
    everyMs: MINUTE,
    watches: true,
    delivers: true,
    ...wish,
  });
  return {
    ...world,
    channel,
    answer,
    stopWatching: () => watching.close(),
    /** How many pings there are in so many minutes. */
    async beats(minutes: number): Promise<number> {
      const before = pings;
      for (let step = 0; step < minutes * 12; step += 1) await world.clock.advance(MINUTE / 12);
      return pings - before;
    },
    /** Why the last beat was not heard. */
    lastDetail: () => world.told('heartbeat').at(-1)?.detail ?? null,
    async [Symbol.asyncDispose]() {
      await Promise.all([beating.close(), watching.close()]);
      await world[Symbol.asyncDispose]();
    },
  };
}

test('while all goes well it goes out once a minute', async () => {
  await using world = await openBeatingWorld();
  assert.equal(await world.beats(5), 5);
  assert.deepEqual(
    new Set(world.told('heartbeat').map(({ outcome }) => outcome)),
    new Set(['sent']),
  );
});

test('it stays away while the store does not answer, and comes back with it', async () => {
  await using world = await openBeatingWorld();
  await world.beats(1);
  world.away.store = true;
  assert.equal(await world.beats(3), 0);
  assert.equal(world.lastDetail(), 'The store does not answer.');
  world.away.store = false;
  assert.ok((await world.beats(3)) >= 2);
});

test('it stays away once the schedule looks no more', async () => {
  await using world = await openBeatingWorld();
  await world.beats(2);
  await world.stopWatching();
  assert.ok((await world.beats(10)) <= 1);
  assert.equal(
    world.lastDetail(),
    'The schedule does not look for what is due. A channel has been due for more than two minutes.',
  );
});

test('it stays away while a channel waits for more than two minutes, and comes back when it is read', async () => {
  await using world = await openBeatingWorld({ everyMs: 600 * MINUTE });
  await world.stopWatching();
  // A schedule that looks, and gets nothing done.
  const looking = () => ({ ...world.monitor.schedule.facts(), lookedAt: world.clock.now() });
  let pings = 0;
  const heartbeat = { ping: () => Promise.resolve((pings += 1)).then(() => null) };
  const wish = { heartbeat, everyMs: MINUTE, watches: true, delivers: true };
  const beating = startHeartbeat({ deps: world.deps, schedule: { facts: looking } }, wish);
  await world.beats(1);
  assert.equal(pings, 1);
  await world.beats(6);
  const before = pings;
  await world.beats(2);
  assert.equal(pings, before);
  assert.equal(world.lastDetail(), 'A channel has been due for more than two minutes.');
  await world.store.change((tx) => tx.schedule.setDue(world.channel.id, world.clock.now()));
  await world.beats(2);
  assert.equal(pings, before + 2);
  await beating.close();
});

test('it stays away while a message is due for more than five minutes, and comes back when it is settled', async () => {
  await using world = await openBeatingWorld();
  const [receiver] = await addReceivers(world.store, 'on-call');
  const delivery = aDelivery(receiver, { nextAt: world.clock.now() });
  await world.store.change((tx) => tx.outbox.add([delivery]));
  assert.equal(await world.beats(5), 5);
  assert.equal(await world.beats(3), 0);
  assert.equal(world.lastDetail(), 'A message has been due for more than five minutes.');
  const sent = { state: 'dead', reason: 'It was given up.', now: world.clock.now() } as const;
  await world.store.change((tx) => tx.outbox.settle([delivery.id], sent));
  assert.equal(await world.beats(2), 2);
});

test('a program vouches only for what it does itself', async () => {
  await using world = await openBeatingWorld({ watches: false, delivers: false });
  const [receiver] = await addReceivers(world.store, 'on-call');
  const delivery = aDelivery(receiver, { nextAt: world.clock.now() });
  await world.store.change((tx) => tx.outbox.add([delivery]));
  await world.stopWatching();
  assert.equal(await world.beats(10), 10);
});

test('one that is not taken is told, and the next is sent all the same', async () => {
  await using world = await openBeatingWorld();
  world.answer.trouble = 'hc-ping.example answered 500.';
  assert.equal(await world.beats(2), 2);
  const failed = { outcome: 'failed', detail: 'hc-ping.example answered 500.' };
  assert.deepEqual(world.told('heartbeat').at(-1), failed);
  world.answer.trouble = null;
  await world.beats(1);
  assert.equal(world.told('heartbeat').at(-1)?.outcome, 'sent');
});
