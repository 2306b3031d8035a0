import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SendResult } from '#ports/notifier.ts';
import { aRule } from '#test/contracts/store/acme-telling.ts';
import { AWAY, createFakeNotifier, fakeNotifiers, TAKEN } from '#test/fakes/notifier.ts';
import type { FakeNotifier } from '#test/fakes/notifier.ts';
import { openTellingWorld } from './telling-world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test('what was committed is told within the second, once, and so is its end', async () => {
  await using world = await openTellingWorld();
  const receiver = await world.addReceiver();
  world.deliver();
  const incident = await world.open();
  await world.pass(SECOND);
  assert.deepEqual(titles(world.notifier), ['opened BLOCKED']);
  await world.resolve(incident);
  await world.pass(SECOND);
  assert.deepEqual(titles(world.notifier), ['opened BLOCKED', 'resolved']);
  assert.deepEqual(await world.planned(receiver), ['opened delivered', 'resolved delivered']);
  const finished = world.events.filter(([name]) => name === 'delivery_finished');
  assert.equal(finished.length, 2);
});

test('a wake makes it look at once', async () => {
  await using world = await openTellingWorld();
  await world.addReceiver();
  const program = world.deliver();
  await world.pass(SECOND);
  await world.open();
  program.wake();
  await world.pass(1);
  assert.deepEqual(titles(world.notifier), ['opened BLOCKED']);
});

test('what is not taken is sent again with the same id, sooner at first and then later', async () => {
  await using world = await openTellingWorld();
  const receiver = await world.addReceiver();
  world.notifier.answers(() => AWAY);
  world.deliver();
  await world.open();
  await world.pass(14 * MINUTE);
  const { sent } = world.notifier;
  assert.equal(sent.length, 5);
  assert.equal(new Set(sent.map(({ id }) => id)).size, 1);
  assert.deepEqual(
    sent.map(({ attempt }) => attempt),
    [1, 2, 3, 4, 5],
  );
  world.notifier.answers(() => TAKEN);
  await world.pass(HOUR);
  assert.deepEqual(await world.planned(receiver), ['opened delivered']);
});

test('after ten tries over two days it is dead, with the reason and every attempt', async () => {
  await using world = await openTellingWorld();
  const receiver = await world.addReceiver();
  world.notifier.answers(() => AWAY);
  world.deliver();
  await world.open();
  await world.pass(60 * HOUR);
  assert.equal(world.notifier.sent.length, 10);
  const [row] = await world.store.read((view) =>
    view.outbox
      .list({ after: null, limit: 9 }, { receiverId: receiver.id })
      .then(({ items }) => items),
  );
  assert.equal(row?.state, 'dead');
  assert.match(row.reason, /^Given up after 10 tries: answered 503/);
  const attempts = await world.store.read((view) => view.outbox.attemptsOf(row.id));
  assert.equal(attempts.length, 10);
});

test('what is over before it was told is told as one message', async () => {
  await using world = await openTellingWorld();
  const receiver = await world.addReceiver();
  const incident = await world.open();
  await world.resolve(incident);
  world.deliver();
  await world.pass(SECOND);
  assert.deepEqual(titles(world.notifier), ['passed']);
  assert.deepEqual(await world.planned(receiver), ['opened superseded', 'resolved delivered']);
});

test('what may have been taken already is ended by a message with an id of its own, at once', async () => {
  await using world = await openTellingWorld();
  await world.addReceiver();
  // It takes the message and hangs up.
  world.notifier.answers((sending) => {
    if (world.notifier.sent.length > 1) return TAKEN;
    world.notifier.takes(sending);
    return AWAY;
  });
  world.deliver();
  const incident = await world.open();
  await world.pass(SECOND);
  await world.resolve(incident);
  await world.pass(SECOND);
  assert.deepEqual(titles(world.notifier), ['opened BLOCKED', 'passed']);
  assert.equal(world.notifier.ledger.size, 2);
});

test('an end that is announced while the beginning is being sent comes after it', async () => {
  await using world = await openTellingWorld();
  await world.addReceiver();
  const hanging = Promise.withResolvers<SendResult>();
  world.notifier.answers(() => (world.notifier.sent.length === 1 ? hanging.promise : TAKEN));
  world.deliver();
  const incident = await world.open();
  await world.pass(SECOND);
  await world.resolve(incident);
  await world.pass(SECOND);
  assert.equal(world.notifier.sent.length, 1);
  hanging.resolve(AWAY);
  await world.pass(SECOND);
  assert.deepEqual(titles(world.notifier), ['opened BLOCKED', 'passed']);
});

test('what became worse before it was told is told once, as it is', async () => {
  await using world = await openTellingWorld();
  const receiver = await world.addReceiver();
  const incident = await world.open({ status: 'BLOCKED', actor: 'unknown' });
  await world.tell({ ...incident, codes: ['131031'] }, 'worse');
  world.deliver();
  await world.pass(SECOND);
  assert.deepEqual(titles(world.notifier), ['opened BLOCKED']);
  assert.deepEqual(await world.planned(receiver), ['opened delivered', 'worse superseded']);
  await world.tell(incident, 'worse');
  await world.pass(SECOND);
  assert.deepEqual(titles(world.notifier), ['opened BLOCKED', 'worse BLOCKED']);
});

test('a receiver that hangs delays no other', async () => {
  const slow = createFakeNotifier({ kind: 'slack' });
  await using world = await openTellingWorld();
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
  await using world = await openTellingWorld();
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

test('what is refused for its form is sent once more in its plain form', async () => {
  await using world = await openTellingWorld();
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
  await using world = await openTellingWorld();
  const receiver = await world.addReceiver();
  world.deliver();
  for (let count = 0; count < 30; count += 1) await world.open();
  await world.pass(10 * SECOND);
  const first = await world.planned(receiver);
  assert.equal(world.notifier.sent.length, 10);
  assert.equal(first.filter((row) => row === 'opened delivered').length, 9);
  assert.equal(first.filter((row) => row === 'opened merged').length, 21);
  assert.equal(first.at(-1), 'summary delivered');
  const summary = await world.store.read((view) =>
    view.outbox.list({ after: null, limit: 1 }, { receiverId: receiver.id }),
  );
  assert.equal(JSON.parse(summary.items[0]?.about ?? '[]').length, 21);
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
  await using world = await openTellingWorld();
  const broken = await world.addReceiver({ name: 'chat', kind: 'slack' });
  const other = await world.addReceiver({ name: 'ops' });
  chat.answers(() => ({ outcome: 'config', status: 410, detail: 'answered 410' }));
  world.deliver({ notifiers: fakeNotifiers(world.notifier, chat) });
  await world.open();
  await world.pass(SECOND);
  assert.deepEqual(await world.planned(broken), ['opened dead', 'opened withheld']);
  assert.deepEqual(await world.planned(other), ['opened delivered', 'opened delivered']);
  assert.ok(world.events.some(([name]) => name === 'receiver_broken'));
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

test('a receiver that fails for a quarter of an hour is told of by another way', async () => {
  const chat = createFakeNotifier({ kind: 'slack' });
  await using world = await openTellingWorld();
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
  await using world = await openTellingWorld();
  const receiver = await world.addReceiver({ kind: 'alertmanager' });
  world.deliver({ notifiers: fakeNotifiers(alerts) });
  const incident = await world.open();
  await world.pass(10 * MINUTE + SECOND);
  assert.equal(alerts.sent.length, 11);
  await world.tell(incident, 'worse');
  await world.pass(SECOND);
  assert.equal(alerts.sent.length, 12);
  await world.resolve(incident);
  await world.pass(HOUR);
  assert.deepEqual(new Set(titles(alerts).slice(12)), new Set(['resolved']));
  assert.ok(alerts.sent.length >= 17 && alerts.sent.length <= 19);
  assert.deepEqual(await world.planned(receiver), [
    'opened delivered',
    'worse superseded',
    'resolved delivered',
  ]);
});

test('what a rule groups becomes one message at the end of its window', async () => {
  await using world = await openTellingWorld();
  const receiver = await world.addReceiver();
  await world.addRule(aRule([receiver.id], { match: {}, groupMs: 5 * MINUTE }));
  world.deliver();
  await world.open();
  await world.pass(MINUTE);
  await world.open();
  await world.pass(3 * MINUTE);
  assert.equal(world.notifier.sent.length, 0);
  await world.pass(2 * MINUTE);
  assert.deepEqual(await world.planned(receiver), [
    'opened merged',
    'opened merged',
    'summary delivered',
  ]);
  await world.open();
  await world.pass(6 * MINUTE);
  assert.deepEqual((await world.planned(receiver)).slice(-1), ['opened delivered']);
});

test('a message that cannot be made is an attempt that failed, and no other waits for it', async () => {
  await using world = await openTellingWorld();
  const receiver = await world.addReceiver();
  const { render } = world.means;
  let isBroken = true;
  world.deliver({
    render: (view, about) => {
      if (isBroken) throw new Error('a bug');
      return render(view, about);
    },
  });
  await world.open();
  await world.pass(SECOND);
  assert.deepEqual(await world.planned(receiver), ['opened pending']);
  isBroken = false;
  await world.open();
  await world.pass(10 * SECOND);
  assert.deepEqual(await world.planned(receiver), ['opened delivered', 'opened delivered']);
});

test('closing waits a moment for what is being sent, then cuts it off, and another sends it', async () => {
  await using world = await openTellingWorld();
  const receiver = await world.addReceiver();
  world.notifier.answers(({ signal }) => {
    const cut = Promise.withResolvers<SendResult>();
    signal.addEventListener('abort', () => cut.resolve(AWAY));
    return cut.promise;
  });
  const program = world.deliver();
  await world.open();
  await world.pass(SECOND);
  const closing = program.close();
  await world.pass(6 * SECOND);
  await closing;
  world.notifier.answers(() => TAKEN);
  world.deliver();
  await world.pass(SECOND);
  assert.deepEqual(await world.planned(receiver), ['opened delivered']);
});

function titles({ sent }: FakeNotifier): readonly string[] {
  return sent.map(({ message }) => message.title);
}
