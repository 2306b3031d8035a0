/** Channels that are watched and not due, and webhooks that name them. */
import assert from 'node:assert/strict';
import type { Channel } from '#domain/channel.ts';
import type { Identity } from '#domain/identity.ts';
import { EMPTY_PROFILE } from '#domain/profile.ts';
import { receiveFromDialog360 } from '#monitor/signals/receive-webhook.ts';
import { understandNext } from '#monitor/signals/understand-webhooks.ts';
import { aSnapshot, bodyOf, goodState } from '#test/contracts/store/acme.ts';
import type { MonitorWorld } from '#test/monitor/monitor-world.ts';

export const WABA = '102290129340398';
const FAR = 3_600_000;

export async function addWatched(
  world: MonitorWorld,
  name: string,
  { nodeId, wabaId = WABA }: { readonly nodeId: string; readonly wabaId?: string },
): Promise<Channel> {
  const identity: Identity = { phoneNumberId: nodeId, wabaId, businessId: null, appId: null };
  const channel = await world.addChannel({ name, upstream: 'graph', nodeId });
  const body = bodyOf(`{"id":"${name}"}`);
  await world.store.change(async (tx) => {
    const good = { ...aSnapshot(1, body), identity };
    await tx.channels.writeState(channel.id, { ...goodState(1, body), good }, body);
    await tx.channels.nameEntities(channel.id, [{ type: 'WABA', id: wabaId }]);
    await tx.schedule.setDue(channel.id, world.clock.now() + FAR);
  });
  return channel;
}

export function writeNumber(
  world: MonitorWorld,
  { id }: Channel,
  displayNumber: string,
): Promise<void> {
  return world.store.change(async (tx) => {
    const known = await tx.profiles.find(id);
    const profile = { ...EMPTY_PROFILE, displayNumber };
    await tx.profiles.write(id, { ...known, profile }, FAR);
  });
}

export function sent(id: string, field: string, value: object): Sent {
  return { id, field, value };
}

interface Sent {
  readonly id?: string;
  readonly field: string;
  readonly value: object;
}

let serial = 0;

/** As Meta sends it; no two bodies are the same. */
export async function receive({ deps }: MonitorWorld, ...changes: readonly Sent[]): Promise<void> {
  const body = bodyWith(changes);
  const read = deps.webhooks.read(body);
  assert.ok(read.ok && read.kept);
  const { kept } = read;
  const hash = deps.digest.sha256Hex(body);
  const receivedAt = deps.clock.now();
  const webhook = { hash, source: 'meta', ref: 'app_acme', receivedAt, body: kept } as const;
  await deps.store.change((tx) => tx.signals.receive(webhook));
}

export function receiveBy({ deps }: MonitorWorld, { id }: Channel, changes: readonly Sent[]) {
  return receiveFromDialog360(deps, id, bodyWith(changes));
}

function bodyWith(changes: readonly Sent[]): Uint8Array {
  serial += 1;
  const entry = changes.map(({ id = WABA, ...change }) => ({ id, time: 1, changes: [change] }));
  return bodyOf(
    JSON.stringify({ object: 'whatsapp_business_account', entry }) + ' '.repeat(serial),
  );
}

export async function understandAll({ deps }: MonitorWorld): Promise<void> {
  while (await understandNext(deps));
}

/** The channels that are due by now; they stay as they are. */
export async function dueNow({ store, clock }: MonitorWorld): Promise<Channel['id'][]> {
  const undone = new Error('undone');
  let due: Channel['id'][] = [];
  await store
    .change(async (tx) => {
      const about = { now: clock.now(), limit: 10, leaseMs: 1 };
      due = (await tx.schedule.claimDue(about)).map(({ channel }) => channel.id);
      throw undone;
    })
    .catch((error: unknown) => assert.equal(error, undone));
  return due;
}

export async function putOff(world: MonitorWorld): Promise<void> {
  for (const id of await dueNow(world)) {
    await world.store.change((tx) => tx.schedule.setDue(id, world.clock.now() + FAR));
  }
}

/** Waits until there are so many signals. */
export async function becomes(world: MonitorWorld, count: number): Promise<void> {
  while ((await signalsOf(world)).length !== count) await world.clock.advance(0);
}

export async function signalsOf({ store }: MonitorWorld) {
  return (await store.read((view) => view.signals.list({ after: null, limit: 50 }))).items;
}

export async function failedSends({ store, clock }: MonitorWorld, { id }: Channel) {
  const since = clock.now() - 300_000;
  const about = { since, channelIds: [id] };
  return (await store.read((view) => view.signals.failedSends(about)))[0]?.errors;
}
