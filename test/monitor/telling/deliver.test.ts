import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STORE_AT_ONCE } from '#monitor/telling/deliver-means.ts';
import type { SendResult } from '#ports/notifier.ts';
import type { Store } from '#ports/store.ts';
import { aRule } from '#test/contracts/store/acme-telling.ts';
import { AWAY, TAKEN } from '#test/fakes/notifier.ts';
import type { FakeNotifier } from '#test/fakes/notifier.ts';
import { openOutboxWorld } from './outbox-world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test('what was committed is told within the second, once, and so is its end', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  world.deliver();
  const incident = await world.open();
  await world.pass(SECOND);
  assert.deepEqual(titles(world.notifier), ['opened BLOCKED']);
  await world.resolve(incident);
  await world.pass(SECOND);
  assert.deepEqual(titles(world.notifier), ['opened BLOCKED', 'resolved']);
  assert.deepEqual(await world.planned(receiver), ['opened delivered', 'resolved delivered']);
  const finished = world.events.filter((name) => name === 'delivery_finished');
  assert.equal(finished.length, 2);
});

test('a wake makes it look at once', async () => {
  await using world = await openOutboxWorld();
  await world.addReceiver();
  const program = world.deliver();
  await world.pass(SECOND);
  await world.open();
  program.wake();
  await world.pass(1);
  assert.deepEqual(titles(world.notifier), ['opened BLOCKED']);
});

test('however much is due at once, few deliveries ask the store at the same time', async () => {
  await using world = await openOutboxWorld();
  const { deps } = world.means;
  const receivers = 3 * STORE_AT_ONCE;
  for (let each = 0; each < receivers; each += 1) await world.addReceiver({ name: `ops-${each}` });
  await world.open();
  let [asking, most] = [0, 0];
  const counted = async <T>(ask: () => Promise<T>): Promise<T> => {
    asking += 1;
    most = Math.max(most, asking);
    return ask().finally(() => {
      asking -= 1;
    });
  };
  const store: Store = {
    ...deps.store,
    read: (work) => counted(() => deps.store.read(work)),
    change: (work) => counted(() => deps.store.change(work)),
  };
  world.deliver({ deps: { ...deps, store } });
  await world.pass(SECOND);
  assert.equal(world.notifier.sent.length, receivers);
  // The next look is one more.
  assert.ok(most > 1 && most <= STORE_AT_ONCE + 1, `${most} at once`);
});

test('what is not taken is sent again with the same id, sooner at first and then later', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  world.notifier.answers(() => AWAY);
  world.deliver();
  await world.open();
  await world.pass(16 * MINUTE);
  const { sent } = world.notifier;
  assert.equal(sent.length, 5);
  assert.equal(new Set(sent.map(({ id }) => id)).size, 1);
  assert.deepEqual(
    sent.map(({ attempt }) => attempt),
    [1, 2, 3, 4, 5],
  );
  world.notifier.answers(() => TAKEN);
  await world.pass(HOUR);
  // That it took nothing for so long is no news to itself.
  const withheld = ['opened withheld', 'resolved withheld'];
  assert.deepEqual(await world.planned(receiver), ['opened delivered', ...withheld]);
});

test('after ten tries over two days it is dead, with the reason and every attempt', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  world.notifier.answers(() => AWAY);
  world.deliver();
  await world.open();
  await world.pass(60 * HOUR);
  assert.equal(world.notifier.sent.length, 10);
  const row = (await world.rows(receiver))[0];
  assert.equal(row?.state, 'dead');
  assert.match(row.reason, /^Given up after 10 tries: answered 503/);
  const attempts = await world.store.read((view) => view.outbox.attemptsOf(row.id));
  assert.equal(attempts.length, 10);
});

test('what is over before it was told is told as one message', async () => {
  await using world = await openOutboxWorld();
  const receiver = await world.addReceiver();
  const incident = await world.open();
  await world.resolve(incident);
  world.deliver();
  await world.pass(SECOND);
  assert.deepEqual(titles(world.notifier), ['passed']);
  assert.deepEqual(await world.planned(receiver), ['opened superseded', 'resolved delivered']);
});

test('what may have been taken already is ended by a message with an id of its own, at once', async () => {
  await using world = await openOutboxWorld();
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
  await using world = await openOutboxWorld();
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
  await using world = await openOutboxWorld();
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

test('what a rule groups becomes one message at the end of its window', async () => {
  await using world = await openOutboxWorld();
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
  await using world = await openOutboxWorld();
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
  await using world = await openOutboxWorld();
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
