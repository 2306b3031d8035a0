/** Acme's numbers in a real store, incidents about them, and what a delivery would say. */
import type { Channel } from '#domain/channel.ts';
import type { Credential } from '#domain/credential.ts';
import type { Incident, LeftReason } from '#domain/incidents/incident.ts';
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
  return {
    clock,
    store,
    credential,
    channels,
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

/** For what reason each of the first members left; those after them are members still. */
export interface Happening {
  readonly about?: Partial<Incident>;
  readonly hasMembers?: boolean;
  readonly left?: readonly LeftReason[];
}

/** An incident of all the channels, stored; of a WABA of its own unless it is told of another cause. */
export async function happened(
  { store, channels }: TellingWorld,
  { about = {}, hasMembers = true, left = [] }: Happening = {},
): Promise<Incident> {
  return store.change(async (tx) => {
    const wanted = incident({ id: anIncidentId(), ...about });
    const opened = await tx.incidents.open({ ...wanted, resolvedAt: null, resolution: null });
    if (opened === null) throw new Error('its cause has an incident already');
    const told = { ...wanted, number: opened.number };
    const { id: incidentId, status } = told;
    const member = {
      incidentId,
      joinedAt: NIGHT,
      firstBadAt: NIGHT,
      status,
      worked: true,
    } as const;
    const present = { ...member, replaced: 'AVAILABLE', leftAt: null, leftReason: null } as const;
    for (const [at, { id: channelId }] of hasMembers ? channels.entries() : []) {
      await tx.incidents.join({ ...present, channelId });
      const reason = left[at];
      if (reason !== undefined)
        await tx.incidents.leave(incidentId, channelId, { at: NIGHT, reason });
    }
    await tx.incidents.replace(told);
    return told;
  });
}

/** Another WABA than Acme's first. */
export function anotherWaba(at: number): Pick<Incident, 'cause'> {
  return { cause: { kind: 'entity', type: 'WABA', ref: `20229012934${1000 + at}` } };
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
    return renderDelivery(view, world, { delivery, receiver, links });
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
