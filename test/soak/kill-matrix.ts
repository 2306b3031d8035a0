/**
 * The fault matrix with real kills: a program dies by SIGKILL at each step between the observation of a loss and the
 * delivery of the alert, while the receiver fails in one way; then another goes on. Every alert is taken, or listed
 * as dead where the receiver said that only a person can help; and whatever came twice has the same id.
 */
import assert from 'node:assert/strict';
import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#app/system-clock.ts';
import { systemRandomness } from '#app/system-randomness.ts';
import { createIds } from '#app/uuid-ids.ts';
import type { DeliveryStep } from '#monitor/telling/delivery-steps.ts';
import { DELIVERY_STEPS } from '#monitor/telling/delivery-steps.ts';
import { addLoopbackReceiver } from '#test/fakes/loopback-receivers.ts';
import { addFleet } from '#test/monitor/schedule/fleet.ts';
import type { ReceiverFault } from '#test/fakes/receiver-faults.ts';
import type { FaultyReceiver } from './faulty-receiver.ts';
import { startFaultyReceiver } from './faulty-receiver.ts';
import type { KillGround } from './kill-rounds.ts';

const CHILD = fileURLToPath(import.meta.resolve('#test/soak/children/tell-until-killed.ts'));

/**
 * `opening`: within the change that opens the incident, before it commits. `opened`: after it. `taken`: the receiver
 * has it and has not answered.
 */
export type Death = 'opening' | 'opened' | 'taken' | DeliveryStep;

/** Those that leave something for others to take up come last, so that each program dies with its own alone. */
const LEAVING: readonly Death[] = ['opening', 'claiming', 'opened'];
export const DEATHS: readonly Death[] = [
  'taken',
  ...DELIVERY_STEPS.filter((step) => !LEAVING.includes(step)),
  ...LEAVING,
];

/** Whoever dies here has sent what nobody knows of. */
const SENT_UNKNOWN: ReadonlySet<Death> = new Set(['taken', 'answered', 'finishing']);
/** By which a receiver says that only a person can help: then the message may die, listed as dead. */
const HOPELESS: ReadonlySet<ReceiverFault> = new Set(['redirects', 'is_gone']);

/** No program needs so long: a receiver that hangs is left after 15 s. The test ends then, and says who was stuck. */
const PROGRAM_MS_MAX = 60_000;

/** What became of the alert about which a program died. */
export interface CellReport {
  readonly death: Death;
  /** The ids that its receiver took, as often as it did. */
  readonly taken: readonly string[];
  /** What the outbox says of it. */
  readonly states: readonly string[];
}

/** Kills a program at each step. Throws an AssertionError when a program is stuck or ends by itself. */
export async function runKillMatrix(
  ground: KillGround,
  fault: ReceiverFault,
): Promise<readonly CellReport[]> {
  await using receiver = await startFaultyReceiver(fault);
  const at = await seed(ground, receiver);
  for (const death of DEATHS) await killAt(ground, { receiver, death, fault, at });
  await using survivor = startProgram(ground, { at, death: 'never', names: DEATHS });
  const { code } = await survivor.end(`after all deaths, ${fault}`);
  assert.equal(code, 0, `the program that went on ended with ${code}, ${fault}`);
  return reportsOf(ground, receiver);
}

/** Throws an AssertionError when the alert was lost, or was told with a second id. */
export function auditCell(fault: ReceiverFault, { death, taken, states }: CellReport): void {
  const about = `${death} × ${fault}: ${JSON.stringify({ taken, states })}`;
  if (HOPELESS.has(fault) && states.join() === 'dead') return;
  assert.deepEqual(states, ['delivered'], about);
  assert.equal(new Set(taken).size, 1, about);
  if (fault === 'works') assert.equal(taken.length, SENT_UNKNOWN.has(death) ? 2 : 1, about);
}

/** Two programs on one store; the one that sends is killed when the receiver has the alert. Gives the ids taken. */
export async function killTheHolder(ground: KillGround): Promise<CellReport> {
  await using receiver = await startFaultyReceiver('works');
  const at = await seed(ground, receiver);
  const death = 'taken';
  const isTaken = Promise.withResolvers<void>();
  receiver.onNext(death, isTaken.resolve);
  await using one = startProgram(ground, { at, death: 'wait', names: [death] });
  await using other = startProgram(ground, { at, death: 'wait', names: [] });
  const first = await Promise.race([
    one.sending.then(() => one),
    other.sending.then(() => other),
    one.end('one of two replicas'),
    other.end('the other of two replicas'),
  ]);
  assert.ok('kill' in first, 'a replica ended by itself');
  await isTaken.promise;
  await first.kill();
  const survivor = first === one ? other : one;
  survivor.tell();
  const { code } = await survivor.end('the replica that is left');
  assert.equal(code, 0);
  const report = (await reportsOf(ground, receiver)).find((cell) => cell.death === death);
  assert.ok(report);
  return report;
}

/** For each death a number, the receiver that hears of it, and nobody else that does. Gives when that was. */
async function seed(ground: KillGround, { url }: FaultyReceiver): Promise<number> {
  const ids = createIds({ clock: systemClock, randomness: systemRandomness });
  const store = await ground.open();
  try {
    const at = store.clock.now();
    const fleet = { deps: { ids, clock: store.clock }, store };
    const channels = await addFleet(fleet, { channels: DEATHS.length });
    await store.change(async (tx) => {
      for (const [index, channel] of channels.entries()) {
        const name = DEATHS[index] ?? '';
        await tx.channels.replace({ ...channel, name });
        await addLoopbackReceiver(tx, ids, { name, url, subjects: [name], at });
      }
    });
    return at;
  } finally {
    await store.close();
  }
}

interface Cell {
  readonly receiver: FaultyReceiver;
  readonly death: Death;
  readonly fault: ReceiverFault;
  readonly at: number;
}

async function killAt(ground: KillGround, { receiver, death, fault, at }: Cell): Promise<void> {
  await using program = startProgram(ground, { at, death, names: [death] });
  if (death === 'taken') receiver.onNext(death, () => void program.kill());
  const about = `${death} × ${fault}`;
  const { code, signal } = await program.end(about);
  assert.equal(signal, 'SIGKILL', `${about}: it ended by itself with ${code}`);
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Program extends AsyncDisposable {
  /** Resolves as soon as it begins to send anything. */
  readonly sending: Promise<void>;
  /** Nobody else is alive. */
  tell(): void;
  kill(): Promise<void>;
  /** How it ended. Rejects, and it is killed, when it takes too long. */
  end(about: string): Promise<Ending>;
}

/** It ends with the test, in whatever way that does. Its clock stands at `at`. */
function startProgram(
  { words }: KillGround,
  about: { readonly at: number; readonly death: string; readonly names: readonly string[] },
): Program {
  const { at, death, names } = about;
  const child = spawn(process.execPath, [CHILD, ...words, String(at), death, ...names], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => undefined);
  const sending = Promise.withResolvers<void>();
  createInterface(child.stdout).on('line', () => sending.resolve());
  const ended = endingOf(child);
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  return {
    sending: sending.promise,
    tell: () => void child.stdin.write('alone\n'),
    kill,
    end: (what) => endWithin(ended, { about: what, kill }),
    [Symbol.asyncDispose]: kill,
  };
}

async function endingOf(child: ChildProcessByStdio<Writable, Readable, null>): Promise<Ending> {
  await once(child, 'exit');
  return { code: child.exitCode, signal: child.signalCode };
}

async function endWithin(
  ended: Promise<Ending>,
  { about, kill }: { readonly about: string; readonly kill: () => Promise<void> },
): Promise<Ending> {
  let isStuck = false;
  const tooLong = systemClock.after(PROGRAM_MS_MAX, () => {
    isStuck = true;
    void kill();
  });
  const ending = await ended;
  tooLong.cancel();
  assert.ok(!isStuck, `${about}: the program was stuck for ${PROGRAM_MS_MAX} ms`);
  return ending;
}

async function reportsOf(
  ground: KillGround,
  receiver: FaultyReceiver,
): Promise<readonly CellReport[]> {
  const rows = await ground.rows(
    `select receivers.name, deliveries.state from deliveries
      join receivers on receivers.id = deliveries.receiver_id where state <> 'withheld'`,
  );
  return DEATHS.map((death) => ({
    death,
    taken: receiver.takenBy(death),
    states: rows.filter(({ name }) => name === death).map(({ state }) => String(state)),
  }));
}
