import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '#ports/store.ts';
import { startTelling } from '#monitor/telling/start-telling.ts';
import { aDelivery, aRule, aSilence } from '#test/contracts/store/acme-telling.ts';
import { TAKEN } from '#test/fakes/notifier.ts';
import type { OutboxWorld } from './outbox-world.ts';
import { openOutboxWorld } from './outbox-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('what is blocked and acknowledged by nobody is recalled after four hours, then daily', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver({ settings: { digest: 'off' } });
  const pager = await world.addReceiver({ name: 'on-call', urgency: 'page' });
  world.run(startTelling(world.means));
  const incident = await world.open();
  await hours(world, 3.8);
  assert.deepEqual(await world.planned(receiver), ['opened delivered']);
  await hours(world, 0.5);
  assert.deepEqual(await world.planned(receiver), ['opened delivered', 'reminder delivered']);
  await hours(world, 23);
  assert.equal((await world.planned(receiver)).length, 2);
  await hours(world, 2);
  assert.equal((await world.planned(receiver)).length, 3);
  assert.deepEqual(await world.planned(pager), ['opened delivered']);
  const acknowledgement = { at: world.clock.now(), by: 'Ada', note: null };
  await world.store.change((tx) => tx.incidents.replace({ ...incident, acknowledgement }));
  await hours(world, 48);
  assert.equal((await world.planned(receiver)).length, 3);
});

test('a rule says itself when it reminds', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver({ urgency: 'page' });
  const rule = { match: {}, groupMs: 0, remindAfterMs: HOUR, remindEveryMs: null };
  await world.addRule(aRule([receiver.id], rule));
  world.run(startTelling(world.means));
  await world.open();
  await hours(world, 2);
  assert.deepEqual(await world.planned(receiver), ['opened delivered', 'reminder delivered']);
  await hours(world, 48);
  assert.equal((await world.planned(receiver)).length, 2);
});

test('two programs plan a reminder once', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  world.run(startTelling(world.means));
  world.run(startTelling(world.means));
  await world.open();
  await hours(world, 5);
  assert.deepEqual(await world.planned(receiver), ['opened delivered', 'reminder delivered']);
});

test('when a silence ends what it withheld is told, once, if it is still open', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  const silence = aSilence({ match: {}, endsAt: world.clock.now() + HOUR });
  await world.addSilence(silence);
  world.run(startTelling(world.means));
  const passing = await world.open();
  await world.open();
  await hours(world, 0.5);
  await world.resolve(passing);
  assert.deepEqual(await world.planned(receiver), [
    'opened withheld',
    'opened withheld',
    'resolved withheld',
  ]);
  await hours(world, 1);
  const after = await world.planned(receiver);
  assert.deepEqual(after.slice(3), ['silence_ended delivered']);
  await hours(world, 1);
  assert.equal((await world.planned(receiver)).length, 4);
  const known = await world.store.read((view) => view.silences.find(silence.id));
  assert.notEqual(known?.endedAt, null);
});

test('the end of one silence tells nothing that another one withholds', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  const now = world.clock.now();
  await world.addSilence(aSilence({ match: {}, endsAt: now + HOUR }));
  await world.addSilence(aSilence({ match: {}, endsAt: now + 3 * HOUR }));
  world.run(startTelling(world.means));
  await world.open();
  await hours(world, 2);
  assert.equal(world.notifier.sent.length, 0);
  await hours(world, 1.5);
  assert.deepEqual((await world.planned(receiver)).at(-1), 'silence_ended delivered');
});

test('a digest is made where its looking at the whole fleet holds up nobody', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  const { store } = world;
  let scans = 0;
  const counted: Store = {
    read: (work) => store.read(work),
    change: (work) => store.change(work),
    scan(work) {
      scans += 1;
      return store.scan(work);
    },
    follow: (hear) => store.follow(hear),
    close: () => store.close(),
  };
  world.deliver({ deps: { ...world.means.deps, store: counted } });
  const about = { incidentId: null, kind: 'digest', about: '2026-W10', seq: 0 } as const;
  const digest = aDelivery(receiver, about);
  await store.change((tx) => tx.outbox.add([digest]));
  await world.pass(MINUTE);
  assert.deepEqual([await world.planned(receiver), scans], [['digest delivered'], 1]);
});

test('the digest comes once a week to whoever is notified and does not switch it off', async () => {
  await using world = await openOutboxWorld();
  // Noon of a Sunday.
  const receiver = await world.addReceiver();
  const off = await world.addReceiver({ name: 'off', settings: { digest: 'off' } });
  const pager = await world.addReceiver({ name: 'on-call', urgency: 'page' });
  world.run(startTelling(world.means));
  world.run(startTelling(world.means));
  await hours(world, 18);
  assert.deepEqual(await world.planned(receiver), []);
  await hours(world, 8);
  const [digest] = await world.rows(receiver);
  assert.deepEqual(
    [digest?.kind, digest?.state, digest?.about],
    ['digest', 'delivered', '2026-W10'],
  );
  await hours(world, 24);
  assert.equal((await world.rows(receiver)).length, 1);
  assert.deepEqual(await world.planned(off), []);
  assert.deepEqual(await world.planned(pager), []);
  const young = await world.addReceiver({ name: 'young' });
  await hours(world, 24);
  assert.deepEqual(await world.planned(young), []);
});

test('what waits too long for a receiver that takes nothing is given up, and listed as dead', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  world.notifier.answers(() => ({ outcome: 'config', status: 404, detail: 'answered 404' }));
  world.run(startTelling(world.means));
  await world.open();
  await hours(world, 0.1);
  await world.open();
  await world.open();
  await hours(world, 40);
  const waiting = (await world.planned(receiver)).filter((row) => row === 'opened pending');
  assert.equal(waiting.length, 2);
  await hours(world, 40);
  const dead = (await world.planned(receiver)).filter((row) => row === 'opened dead');
  assert.equal(dead.length, 3);
  world.notifier.answers(() => TAKEN);
});

test('ended deliveries are forgotten after a while', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver({ settings: { digest: 'off' } });
  world.run(startTelling(world.means));
  await world.resolve(await world.open());
  await hours(world, 24 * 80);
  assert.equal((await world.rows(receiver)).length, 2);
  await hours(world, 24 * 20);
  await world.clock.advance(HOUR);
  await hours(world, 0.01);
  assert.equal((await world.rows(receiver)).length, 0);
});

async function hours(world: OutboxWorld, count: number): Promise<void> {
  await world.pass(count * HOUR);
}
