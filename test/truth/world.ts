/** Plays a script through the real store, schedule, incidents and outbox, in a time that costs nothing. */
import type { Channel } from '#domain/channel.ts';
import type { CredentialId, ReceiverId } from '#domain/id.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { Message } from '#domain/telling/message.ts';
import { startIncidentRounds } from '#monitor/incidents/rounds.ts';
import { startDelivering } from '#monitor/telling/deliver.ts';
import { renderDelivery } from '#monitor/telling/render.ts';
import { watchFleet } from '#monitor/watch-fleet.ts';
import type { Page } from '#ports/page.ts';
import type { Store } from '#ports/store.ts';
import { createFakeNotifiers } from '#test/fakes/notifiers.ts';
import { openMonitorWorld } from '#test/monitor/monitor-world.ts';
import type { MonitorWorld } from '#test/monitor/monitor-world.ts';
import { addFleet, run } from '#test/monitor/schedule/fleet.ts';
import type { Script } from './script.ts';
import { msOf } from './script.ts';
import { Truth } from './truth.ts';

const DAY_MS = 86_400_000;
/** Nothing that a script tells of is decided in less. */
const STEP_MS = 15_000;

export interface Told {
  /** When it was sent, ms from the beginning. */
  readonly at: number;
  readonly message: Message;
}

export interface Played {
  readonly truth: Truth;
  /** ms UTC of the beginning. */
  readonly start: number;
  readonly told: readonly Told[];
  readonly incidents: readonly Incident[];
  readonly checks: number;
}

/** Everything that was told and opened while the script ran. `tell` hears of each day that has passed. */
export async function play(script: Script, tell: (day: number) => void = () => undefined) {
  await using world = await openMonitorWorld({ tickMs: STEP_MS }, { isQuick: true });
  const { clock, upstreams, monitor } = world;
  const start = clock.now();
  const truth = new Truth(script, start);
  upstreams.graph.answers((question) => truth.answer(question, clock.now()));
  const channels = await addNumbers(world, truth);
  await addLedger(world.store, start);
  const told: Told[] = [];
  const notifiers = createFakeNotifiers();
  notifiers.answers(({ message, at }) => {
    told.push({ at: at - start, message });
    return { outcome: 'delivered', status: 200, reference: null };
  });
  const parts = [
    watchFleet(monitor),
    startIncidentRounds(monitor, STEP_MS),
    startDelivering({
      deps: world.deps,
      notifiers,
      render: (view, about) => renderDelivery(view, { clock }, { ...about, links: noPage }),
      pollMs: STEP_MS,
    }),
  ];
  replaceExpired(world, { truth, channels });
  for (let day = 1; day <= script.days; day += 1) {
    await run(world, DAY_MS, STEP_MS);
    tell(day);
  }
  const { checks } = monitor.schedule.facts();
  await Promise.all(parts.map((part) => part.close()));
  const incidents = await allIncidents(world.store);
  return { truth, start, told, incidents, checks } satisfies Played;
}

function noPage({ number }: Pick<Incident, 'number'>) {
  return { url: null, command: `waba-health incidents show ${number}` };
}

async function addNumbers(world: MonitorWorld, { numbers, tokens }: Truth) {
  const [first] = await addFleet(world, { channels: 1, credentials: tokens });
  if (first === undefined) throw new Error('a fleet has a number');
  const credentials = await credentialsIn(world.store);
  const channels: Channel[] = numbers.map(({ no, nodeId, token }) => ({
    ...first,
    id: no === 0 ? first.id : world.deps.ids.next('ch'),
    name: `number-${no}`,
    nodeId,
    credentialId: credentials[token] ?? first.credentialId,
  }));
  await world.store.change(async (tx) => {
    for (const channel of channels.slice(1)) await tx.channels.add(channel);
  });
  return channels;
}

async function credentialsIn(store: Store): Promise<readonly CredentialId[]> {
  const page = await store.read((view) => view.credentials.list({ after: null, limit: 200 }));
  return page.items.map(({ id }) => id);
}

/** One receiver that is notified of everything, and takes it. */
async function addLedger(store: Store, now: number): Promise<void> {
  const id: ReceiverId = `rcv_${'0'.repeat(26)}`;
  const times = { createdAt: now, updatedAt: now, brokenAt: null, heldUntil: 0 };
  const about = { id, name: 'ledger', kind: 'webhook', urgency: 'notify', ...times } as const;
  const shown = { settings: {}, hint: 'ledger', zone: null, failuresInARow: 0 };
  await store.change((tx) => tx.receivers.add({ ...about, ...shown }, {}));
}

/** Whoever replaces a token that has expired says so, as the command for it does. */
function replaceExpired(
  { clock, monitor }: MonitorWorld,
  { truth, channels }: { readonly truth: Truth; readonly channels: readonly Channel[] },
): void {
  for (const one of truth.script.happenings) {
    if (one.what !== 'expired') continue;
    const number = truth.numbers.find(({ token }) => token === one.token);
    const credential = channels[number?.no ?? 0]?.credentialId;
    if (credential === undefined) continue;
    clock.after(msOf(one.until), () => {
      monitor.schedule.credentialChanged(credential);
      void monitor.schedule.revive(credential);
    });
  }
}

async function allIncidents(store: Store): Promise<readonly Incident[]> {
  const incidents: Incident[] = [];
  let after: string | null = null;
  do {
    const from: string | null = after;
    const page: Page<Incident> = await store.read((view) =>
      view.incidents.list({ after: from, limit: 200 }, {}),
    );
    incidents.push(...page.items);
    after = page.next;
  } while (after !== null);
  return incidents.toReversed();
}
