/**
 * `teller.ts sqlite|postgres <directory or address> <receiver's url> idle|storm <incidents>`: the program that is
 * measured. It opens incidents in the real store and sends what is owed as a server does. Then it prints what it
 * committed, and when.
 */
import { systemRandomness } from '#app/system-randomness.ts';
import { systemClock } from '#app/system-clock.ts';
import { createIds } from '#app/uuid-ids.ts';
import type { ReceiverId } from '#domain/id.ts';
import { startTelling } from '#monitor/telling/start-telling.ts';
import type { Events } from '#ports/events.ts';
import type { StoreChange } from '#ports/store.ts';
import { addLoopbackReceiver, loopbackMeans } from '#test/fakes/loopback-receivers.ts';
import { openEngine } from '#test/fakes/open-engine.ts';
import { openIncident } from '#test/fakes/open-incident.ts';
import { addFleet } from '#test/monitor/schedule/fleet.ts';
import type { Committed } from './committed.ts';
import { PER_RECEIVER, preciseNow } from './committed.ts';

/** A thousand incidents and a hundred receivers are a hundred thousand decisions, which take their time. */
const TOLD_MS_MAX = 300_000;
/** Alerts come at any moment between two looks. */
const PAUSE_MS_MAX = 500;

const [, , engine = '', where = '', url = '', how = '', count = ''] = process.argv;
const incidents = Number(count);
const ids = createIds({ clock: systemClock, randomness: systemRandomness });
const given = { ids, randomness: systemRandomness };
const store = await openEngine(engine, where, { ...given, clock: systemClock });
const { clock } = store;
const ended = new Set<string>();
let onEnded: () => void = () => undefined;
const events: Events = { emit: (name, event) => note(name, event) };
const channels = await addFleet({ deps: { ids, clock }, store }, { channels: incidents });
const receivers = await addReceivers();
const telling = startTelling(loopbackMeans({ store, clock, events, ...given }));
store.follow(({ noun }) => {
  if (noun === 'delivery') telling.wake();
});
// The timers of the clock keep no process alive: this one does, and ends one that is stuck.
const stuck = setTimeout(() => process.kill(process.pid, 'SIGKILL'), TOLD_MS_MAX);
const committed = how === 'storm' ? await allAtOnce() : await oneByOne();
clearTimeout(stuck);
await telling.close();
await store.close();
process.stdout.write(`${JSON.stringify(committed)}\n`);

/** So many that none hears more than the limit lets through: it is not lifted for the measurement. */
function addReceivers(): Promise<readonly ReceiverId[]> {
  const wabas = channels.map((_, each) => wabaOf(each));
  return store.change(async (tx) => {
    const added: ReceiverId[] = [];
    for (let first = 0; first < incidents; first += PER_RECEIVER) {
      const subjects = wabas.slice(first, first + PER_RECEIVER);
      const about = { name: `on-call-${first}`, url, subjects, at: clock.now() };
      added.push(await addLoopbackReceiver(tx, ids, about));
    }
    return added;
  });
}

/** In one commit, so that all are due in the same moment. */
function allAtOnce(): Promise<Committed> {
  return openAndTell(channels.map((_, each) => each));
}

async function oneByOne(): Promise<Committed> {
  const each: Committed[] = [];
  for (const at of channels.keys()) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE_MS_MAX));
    each.push(await openAndTell([at]));
  }
  const sum = (of: (one: Committed) => number) => each.map(of).reduce((a, b) => a + b, 0);
  return {
    openingMs: sum((one) => one.openingMs),
    cpuMs: sum((one) => one.cpuMs),
    told: each.flatMap(({ told }) => told),
  };
}

/** Opens these in one change, and waits until all of it is told. */
async function openAndTell(which: readonly number[]): Promise<Committed> {
  const began = preciseNow();
  const { owed, at } = await store.change(async (tx) => {
    const opened: string[] = [];
    for (const each of which) opened.push(await open(tx, each));
    return { owed: opened, at: preciseNow() };
  });
  const openingMs = preciseNow() - began;
  const used = process.cpuUsage();
  while (!owed.every((id) => ended.has(id))) {
    await new Promise<void>((resolve) => {
      onEnded = resolve;
    });
  }
  const { user, system } = process.cpuUsage(used);
  return { openingMs, cpuMs: (user + system) / 1_000, told: owed.map((id) => [id, at]) };
}

/** Gives the id of what is owed. */
async function open(tx: StoreChange, each: number): Promise<string> {
  const [channel, receiverId] = [channels[each], receivers[Math.floor(each / PER_RECEIVER)]];
  if (channel === undefined || receiverId === undefined) throw new Error('it concerns nobody');
  const about = { waba: wabaOf(each), channelId: channel.id, receiverId, at: clock.now() };
  const owed = await openIncident(tx, ids, about);
  if (owed === null) throw new Error('it was open already');
  return owed.id;
}

function wabaOf(each: number): string {
  return String(200_000_000_000_000 + each);
}

function note(...[name, event]: Parameters<Events['emit']>): void {
  if (name === 'background_failed') process.stderr.write(`${JSON.stringify(event)}\n`);
  if (name !== 'delivery_finished' || !('deliveryId' in event)) return;
  ended.add(event.deliveryId);
  onEnded();
}
