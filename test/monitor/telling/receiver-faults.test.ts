import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removeReceiver } from '#monitor/telling/put-receiver.ts';
import type { SendResult } from '#ports/notifier.ts';
import { AWAY, createFakeNotifier, fakeNotifiers, TAKEN } from '#test/fakes/notifier.ts';
import type { FakeNotifier } from '#test/fakes/notifier.ts';
import { openOutboxWorld } from './outbox-world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test('a receiver that hangs delays no other', async () => {
  const slow = createFakeNotifier({ kind: 'slack' });
  await using world = await openOutboxWorld();
  slow.answers(() => Promise.withResolvers<SendResult>().promise);
  await world.addReceiver({ name: 'chat', kind: 'slack' });
  await world.addReceiver({ name: 'ops' });
  world.deliver({ notifiers: fakeNotifiers(world.notifier, slow) });
  for (let count = 0; count < 8; count += 1) await world.open();
  await world.pass(SECOND);
  assert.equal(slow.sent.length, 8);
  assert.equal(world.notifier.sent.length, 8);
  await world.open();
  await world.pass(SECOND);
  assert.equal(slow.sent.length, 8);
  assert.equal(world.notifier.sent.length, 9);
  // A notifier that never ends is cut off, and what it was to send is tried again.
  await world.pass(MINUTE);
  assert.ok(slow.sent.length > 8);
});

test('a receiver that asks for peace gets it, and then everything', async () => {
  await using world = await openOutboxWorld();
  await world.addReceiver();
  world.notifier.answers(() => ({
    outcome: 'throttled',
    status: 429,
    retryAfterMs: 20 * MINUTE,
    detail: 'answered 429',
  }));
  world.deliver();
  await world.open();
  await world.pass(SECOND);
  await world.open();
  await world.pass(19 * MINUTE);
  assert.equal(world.notifier.sent.length, 1);
  world.notifier.answers(() => TAKEN);
  await world.pass(2 * MINUTE);
  assert.equal(world.notifier.ledger.size, 2);
});

test('once a receiver takes something again, what it refused before does not wait for its next try', async () => {
  await using world = await openOutboxWorld();
  await world.addReceiver();
  world.notifier.answers(() => AWAY);
  world.deliver();
  await world.open();
  await world.pass(3 * HOUR);
  world.notifier.answers(() => TAKEN);
  // The first one is to be tried again in hours; a new one tells that there is no need to wait.
  await world.open();
  await world.pass(MINUTE);
  assert.equal(world.notifier.ledger.size, 2);
});

test('what is refused for its form is sent once more in its plain form', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  world.notifier.answers(({ isPlain }) =>
    isPlain ? TAKEN : { outcome: 'payload', status: 400, detail: 'invalid_blocks' },
  );
  world.deliver();
  await world.open();
  await world.pass(SECOND);
  assert.deepEqual(await world.planned(receiver), ['opened delivered']);
  world.notifier.answers(() => ({ outcome: 'payload', status: 413, detail: 'too large' }));
  await world.open();
  await world.pass(SECOND);
  assert.deepEqual(await world.planned(receiver), ['opened delivered', 'opened dead']);
});

test('after ten messages in ten minutes there is one summary of all the rest', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  world.deliver();
  for (let count = 0; count < 30; count += 1) await world.open();
  await world.pass(10 * SECOND);
  const first = await world.planned(receiver);
  assert.equal(world.notifier.sent.length, 10);
  assert.equal(first.filter((row) => row === 'opened delivered').length, 9);
  assert.equal(first.filter((row) => row === 'opened merged').length, 21);
  assert.equal(first.at(-1), 'summary delivered');
  const summary = (await world.rows(receiver)).at(-1);
  assert.equal(JSON.parse(summary?.about ?? '[]').length, 21);
  // What comes now waits until the window has room again.
  await world.open();
  await world.open();
  await world.pass(9 * MINUTE);
  assert.equal(world.notifier.sent.length, 10);
  await world.pass(2 * MINUTE);
  assert.equal(world.notifier.sent.length, 12);
});

test('a receiver that wants a change is broken: others hear of it, and it gets a trial an hour', async () => {
  const chat = createFakeNotifier({ kind: 'slack' });
  await using world = await openOutboxWorld();
  const broken = await world.addReceiver({ name: 'chat', kind: 'slack' });
  const other = await world.addReceiver({ name: 'ops' });
  chat.answers(() => ({ outcome: 'config', status: 410, detail: 'answered 410' }));
  world.deliver({ notifiers: fakeNotifiers(world.notifier, chat) });
  await world.open();
  await world.pass(SECOND);
  assert.deepEqual(await world.planned(broken), ['opened dead', 'opened withheld']);
  assert.deepEqual(await world.planned(other), ['opened delivered', 'opened delivered']);
  assert.ok(world.events.includes('receiver_broken'));
  await world.open();
  await world.open();
  await world.pass(50 * MINUTE);
  assert.equal(chat.sent.length, 1);
  await world.pass(15 * MINUTE);
  assert.equal(chat.sent.length, 2);
  chat.answers(() => TAKEN);
  await world.pass(HOUR);
  assert.equal(chat.ledger.size, 2);
  assert.deepEqual((await world.planned(other)).slice(-1), ['resolved delivered']);
  const mended = await world.store.read((view) => view.receivers.find(broken.id));
  assert.equal(mended?.brokenAt, null);
});

test('once a broken receiver is removed nobody is left with an open incident about it', async () => {
  const chat = createFakeNotifier({ kind: 'slack' });
  await using world = await openOutboxWorld();
  const broken = await world.addReceiver({ name: 'chat', kind: 'slack' });
  const other = await world.addReceiver({ name: 'ops' });
  chat.answers(() => ({ outcome: 'config', status: 410, detail: 'answered 410' }));
  world.deliver({ notifiers: fakeNotifiers(world.notifier, chat) });
  await world.open();
  await world.pass(SECOND);
  await removeReceiver({ deps: world.means.deps }, broken.id);
  await world.pass(SECOND);
  assert.deepEqual((await world.planned(other)).slice(-1), ['resolved delivered']);
});

test('a receiver that fails for a quarter of an hour is told of by another way', async () => {
  const chat = createFakeNotifier({ kind: 'slack' });
  await using world = await openOutboxWorld();
  await world.addReceiver({ name: 'chat', kind: 'slack' });
  await world.addReceiver({ name: 'ops' });
  chat.answers(() => AWAY);
  world.deliver({ notifiers: fakeNotifiers(world.notifier, chat) });
  await world.open();
  await world.pass(20 * MINUTE);
  assert.equal(world.notifier.sent.length, 2);
  chat.answers(() => TAKEN);
  await world.pass(HOUR);
  assert.equal(titles(world.notifier).at(-1), 'resolved');
});

test('a service that forgets is told every minute while it lasts, and for a while that it is over', async () => {
  const repeat = { everyMs: MINUTE, afterEndMs: 5 * MINUTE };
  const alerts = createFakeNotifier({ kind: 'alertmanager', repeat, keepsState: true });
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver({ kind: 'alertmanager' });
  world.deliver({ notifiers: fakeNotifiers(alerts) });
  const incident = await world.open();
  for (let minute = 0; minute < 10; minute += 1) await world.pass(MINUTE);
  const told = alerts.sent.length;
  assert.ok(told >= 10 && told <= 11, `${told} times`);
  await world.tell(incident, 'worse');
  await world.pass(SECOND);
  assert.equal(alerts.sent.length, told + 1);
  await world.resolve(incident);
  for (let minute = 0; minute < 10; minute += 1) await world.pass(MINUTE);
  const ends = titles(alerts).slice(told + 1);
  assert.deepEqual(new Set(ends), new Set(['resolved']));
  assert.ok(ends.length >= 5 && ends.length <= 6, `${ends.length} times`);
  assert.deepEqual(await world.planned(receiver), [
    'opened delivered',
    'worse superseded',
    'resolved delivered',
  ]);
});

function titles({ sent }: FakeNotifier): readonly string[] {
  return sent.map(({ message }) => message.title);
}
