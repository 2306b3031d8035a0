/** Acme's numbers in a real store, incidents about them, and what a delivery would say. */
import type { Channel } from '#domain/channel.ts';
import type { Credential } from '#domain/credential.ts';
import type { Incident, IncidentEvent, Member } from '#domain/incidents/incident.ts';
import { EMPTY_PROFILE } from '#domain/profile.ts';
import { Secret } from '#domain/secret.ts';
import type { Delivery } from '#domain/telling/delivery.ts';
import type { Message } from '#domain/telling/message.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import { renderDelivery } from '#monitor/telling/render.ts';
import { UNKNOWN_PROFILE } from '#ports/profiles.ts';
import type { StoreChange } from '#ports/store.ts';
import { aChannel, aCredential, bodyOf, goodState } from '#test/contracts/store/acme.ts';
import { aDelivery, aReceiver, anIncidentId } from '#test/contracts/store/acme-telling.ts';
import { incident } from '#test/domain/telling/samples.ts';
import { goldenText } from '#test/domain/telling/golden-texts.ts';
import { NIGHT } from '#test/domain/samples.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { createFakeIncidents } from '#test/fakes/incidents.ts';
import { openTestStore } from '#test/fakes/open-store.ts';

const BODY = bodyOf('{}');

export interface TellingWish {
  /** So many numbers of Acme, named `shop-0` and on; all read once, unless told otherwise. */
  readonly numbers?: number;
  readonly isRead?: boolean;
  readonly credential?: Partial<Credential>;
  readonly labels?: (at: number) => Channel['labels'];
}

/** `await using world = await openTellingWorld({ numbers: 40 });` */
export async function openTellingWorld(wish: TellingWish = {}) {
  const clock = createFakeClock(NIGHT);
  const store = await openTestStore({ clock });
  const credential = aCredential(wish.credential);
  const channels = Array.from({ length: wish.numbers ?? 0 }, (_, at) =>
    aChannel(credential, { name: `shop-${at}`, labels: wish.labels?.(at) ?? {} }),
  );
  await store.change(async (tx) => {
    await tx.credentials.add(credential, new Secret('acme'));
    for (const [at, channel] of channels.entries()) {
      await addNumber(tx, channel, { at, isRead: wish.isRead ?? true });
    }
  });
  const known = {
    incidents: [] as Incident[],
    members: [] as Member[],
    events: [] as IncidentEvent[],
  };
  return {
    clock,
    store,
    credential,
    channels,
    known,
    receiver: aReceiver({ urgency: 'notify' }),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
    },
  };
}

export type TellingWorld = Awaited<ReturnType<typeof openTellingWorld>>;

async function addNumber(
  tx: StoreChange,
  channel: Channel,
  { at, isRead }: { readonly at: number; readonly isRead: boolean },
): Promise<void> {
  await tx.channels.add(channel);
  const profile = {
    ...EMPTY_PROFILE,
    displayNumber: `+49 30 ${1000 + at}`,
    verifiedName: 'Acme GmbH',
  };
  await tx.profiles.write(channel.id, { ...UNKNOWN_PROFILE, profile, readAt: NIGHT }, NIGHT);
  if (!isRead) return;
  await tx.channels.claim(channel.id, NIGHT, 30_000);
  const state = goodState(1, BODY);
  await tx.channels.writeState(channel.id, state, BODY);
  await tx.channels.nameEntities(channel.id, state.good?.report.entities ?? []);
}

/** An incident of which all of the channels are members, the first of them for the reason given no more. */
export function happened(
  world: TellingWorld,
  about: Partial<Incident> = {},
  left: { readonly reason: Member['leftReason']; readonly count: number } | null = null,
): Incident {
  const number = 142 + world.known.incidents.length;
  const told = incident({ id: anIncidentId(), number, ...about });
  world.known.incidents.push(told);
  world.channels.forEach(({ id: channelId }, at) => {
    const isGone = left !== null && at < left.count;
    world.known.members.push({
      incidentId: told.id,
      channelId,
      joinedAt: NIGHT,
      firstBadAt: NIGHT,
      status: told.status,
      worked: true,
      replaced: 'AVAILABLE',
      leftAt: isGone ? NIGHT : null,
      leftReason: isGone ? left.reason : null,
    });
  });
  return told;
}

/** What a delivery says now; null when nothing is left to tell. */
export function said(
  world: TellingWorld,
  about: Partial<Delivery>,
  receiver: Receiver = world.receiver,
): Promise<Message | null> {
  const delivery = aDelivery(receiver, {
    rule: null,
    incidentId: null,
    createdAt: NIGHT,
    ...about,
  });
  return world.store.read((view) => {
    const incidents = createFakeIncidents(world.known);
    return renderDelivery({ ...view, incidents }, world, { delivery, receiver, links });
  });
}

function links({ number }: Incident) {
  return { url: null, command: `waba-health incidents show ${number}` };
}

/** The same as a person reads it; empty when nothing is left to tell. */
export async function read(world: TellingWorld, about: Partial<Delivery>): Promise<string> {
  const message = await said(world, about);
  return message === null ? '' : goldenText(message);
}
