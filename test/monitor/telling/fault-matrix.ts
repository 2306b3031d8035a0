/**
 * The fault matrix: a program dies at each step between the commit of an incident and that of its delivery, while
 * the receiver fails in each way, and another program goes on. Whatever happens, what was committed is taken
 * at least once, and what is taken twice has the same id.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Receiver } from '#domain/telling/receiver.ts';
import { LEASE_MS, SEND_MS_MAX } from '#monitor/telling/deliver-means.ts';
import type { DeliveryStep, OnDeliveryStep } from '#monitor/telling/delivery-steps.ts';
import { DELIVERY_STEPS } from '#monitor/telling/delivery-steps.ts';
import type { SendResult, Sending } from '#ports/notifier.ts';
import { AWAY, TAKEN } from '#test/fakes/notifier.ts';
import { RECEIVER_FAULTS } from '#test/fakes/receiver-faults.ts';
import type { ReceiverFault } from '#test/fakes/receiver-faults.ts';
import type { OutboxWorld } from './outbox-world.ts';

const SECOND = 1_000;

/** How a receiver behaves at the first attempt of each message; afterwards it works. */
const FAULTS = {
  works: () => TAKEN,
  hangs: () => Promise.withResolvers<SendResult>().promise,
  resets: () => ({ outcome: 'transient', status: null, detail: 'the connection was reset' }),
  throttles: () => ({ outcome: 'throttled', status: 429, retryAfterMs: 5_000, detail: '429' }),
  fails: () => AWAY,
  redirects: () => ({ outcome: 'config', status: 301, detail: 'answered 301' }),
  is_gone: () => ({ outcome: 'config', status: 410, detail: 'answered 410' }),
  answers_html: () => ({ outcome: 'payload', status: 400, detail: 'answered HTML' }),
} as const satisfies Record<
  Exclude<ReceiverFault, 'takes_and_drops'>,
  () => SendResult | Promise<SendResult>
>;

/** Where the first program dies: at none, at a named step, or after the receiver took it, before it answers. */
type Death = DeliveryStep | 'never' | 'taken';
const DEATHS: readonly Death[] = ['never', ...DELIVERY_STEPS, 'taken'];

/** By which a receiver says that only a person can help: then the message may die, listed and told elsewhere. */
const HOPELESS: ReadonlySet<ReceiverFault> = new Set(['redirects', 'is_gone']);

export function faultMatrix(
  open: () => Promise<OutboxWorld>,
  faults: readonly ReceiverFault[] = RECEIVER_FAULTS,
): void {
  for (const death of DEATHS) {
    test(`nothing is lost when a program dies: ${death}, whatever the receiver does`, async () => {
      for (const fault of faults) {
        await using world = await open();
        await runCell(world, { death, fault });
      }
    });
  }
}

interface Cell {
  readonly death: Death;
  readonly fault: ReceiverFault;
}

async function runCell(world: OutboxWorld, cell: Cell): Promise<void> {
  const said = `${cell.death} × ${cell.fault}`;
  const receiver = await world.addReceiver();
  const death = deathAt(cell.death);
  misbehave(world, { cell, death });
  const mortal = world.deliver({ onStep: death.onStep });
  const incident = await world.open();
  const answersMs = cell.fault === 'hangs' ? SEND_MS_MAX + SECOND : 2 * SECOND;
  await world.pass(answersMs);
  if (cell.death !== 'never') {
    assert.ok(death.isDead(), `${said}: nobody died`);
    world.abandon(mortal);
  }
  // Another program, which finds what the first one left, once the lease is over.
  world.deliver();
  for (const ms of [LEASE_MS, 10 * SECOND, 40 * SECOND]) await leap(world, ms, answersMs);
  await world.resolve(incident);
  for (const ms of [0, 10 * SECOND, 40 * SECOND]) await leap(world, ms, answersMs);
  await checkTold(world, receiver, { cell, said });
}

/** Time that passes with nothing under way, and then enough for what fell due to be answered. */
async function leap(world: OutboxWorld, ms: number, answersMs: number): Promise<void> {
  world.clock.jumpTo(world.clock.now() + ms);
  await world.pass(answersMs);
}

async function checkTold(
  world: OutboxWorld,
  receiver: Receiver,
  { cell, said }: { readonly cell: Cell; readonly said: string },
): Promise<void> {
  const { ledger, sent } = world.notifier;
  const rows = (await world.rows(receiver)).filter(({ state }) => state !== 'withheld');
  const pending = rows.filter(({ state }) => state === 'pending');
  if (HOPELESS.has(cell.fault)) {
    const dead = rows.filter(({ state }) => state === 'dead');
    assert.ok(dead.length > 0 || ledger.size > 0, `${said}: neither told nor dead`);
    return;
  }
  assert.deepEqual(pending, [], `${said}: still owed`);
  const phases = sent.filter(({ id }) => ledger.has(id)).map(({ message }) => message.phase);
  assert.ok(phases.includes('firing'), `${said}: the beginning was not told`);
  assert.equal(phases.at(-1), 'ended', `${said}: the end was not told last`);
  assert.ok(ledger.size <= 2, `${said}: told with ${ledger.size} ids`);
  // One id, one content: a receiver that knows ids has lost nothing by dropping repetitions.
  for (const id of ledger.keys()) {
    const contents = new Set(
      sent.filter((one) => one.id === id).map(({ message }) => message.phase),
    );
    assert.equal(contents.size, 1, `${said}: one id said two things`);
  }
}

/** A program that dies: from then on none of its steps ever ends, and a change under way is not committed. */
function deathAt(death: Death) {
  const never = Promise.withResolvers<never>().promise;
  let isDead = false;
  const onStep: OnDeliveryStep = async (step) => {
    if (!isDead && step !== death) return;
    isDead = true;
    // Within a change there is no waiting for ever, which would hold the store: it is not committed.
    if (step === 'finishing') throw new Error('the program died within a change');
    await never;
  };
  const die = (): Promise<never> => {
    isDead = true;
    return never;
  };
  return { onStep, die, isDead: () => isDead };
}

/** At the first attempt of each message; and the first program dies with it where that is asked for. */
function misbehave(
  { notifier }: OutboxWorld,
  { cell, death: { die } }: { readonly cell: Cell; readonly death: ReturnType<typeof deathAt> },
): void {
  const seen = new Set<string>();
  notifier.answers((sending: Sending) => {
    const isFirst = !seen.has(sending.id);
    const isVeryFirst = seen.size === 0;
    seen.add(sending.id);
    if (!isFirst) return TAKEN;
    if (cell.fault === 'takes_and_drops') notifier.takes(sending);
    if (isVeryFirst && cell.death === 'taken') {
      notifier.takes(sending);
      return die();
    }
    return cell.fault === 'takes_and_drops' ? AWAY : FAULTS[cell.fault]();
  });
}
