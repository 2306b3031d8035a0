/** An incident of Acme's WABA, and its page over real HTTP. */
import assert from 'node:assert/strict';
import { hmacSigner } from '#app/hmac-signer.ts';
import type { Incident, IncidentEvent } from '#domain/incidents/incident.ts';
import { EMPTY_PROFILE } from '#domain/profile.ts';
import { incidentLinks } from '#monitor/telling/incident-link.ts';
import { UNKNOWN_PROFILE } from '#ports/profiles.ts';
import { aDraft } from '#test/contracts/store/an-incident.ts';
import type { Draft } from '#test/contracts/store/an-incident.ts';
import { addSupport } from './acme.ts';
import { startWorld } from './management-world.ts';

const MINUTE = 60_000;

export interface PageWish {
  readonly incident?: Partial<Incident>;
  /** What people see on the number of the channel *support*. */
  readonly verifiedName?: string;
  readonly events?: readonly Partial<IncidentEvent>[];
}

/** `await using world = await startPageWorld();` */
export async function startPageWorld(wish: PageWish = {}) {
  const links = incidentLinks(hmacSigner(new Uint8Array(32).fill(7)), 'https://acme.example');
  const world = await startWorld({ incidentLinks: links });
  await addSupport(world);
  const incident = await openIncident(world, wish);
  /** Of a link that is made now, what is behind the host. */
  const targetOf = ({ id, number }: Pick<Incident, 'id' | 'number'>) => {
    const { url } = links.links({ id, number }, world.clock.now());
    assert.ok(url);
    return url.replace('https://acme.example', '');
  };
  const target = targetOf(incident);
  return {
    ...world,
    incident,
    target,
    targetOf,
    get: (path: string = target) => world.ask('GET', path, { token: null }),
    /** Sends the form of the page as a browser does. */
    send(fields: Readonly<Record<string, string>>, from: string = target) {
      const [path = '', query = ''] = from.split('?', 2);
      const form = new URLSearchParams(query);
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      return world.ask('POST', path, { token: null, body: form.toString(), headers: type });
    },
    async stored(): Promise<Incident> {
      const found = await world.store.read((view) => view.incidents.find(incident.id));
      assert.ok(found);
      return found;
    },
  };
}

type Started = Awaited<ReturnType<typeof startWorld>>;

async function openIncident({ store, clock }: Started, wish: PageWish): Promise<Incident> {
  const now = clock.now();
  return store.change(async (tx) => {
    const channel = await tx.channels.find('support');
    assert.ok(channel);
    const verifiedName = wish.verifiedName ?? 'Acme Support';
    const profile = { ...EMPTY_PROFILE, displayNumber: '+49 30 1234', verifiedName };
    await tx.profiles.write(channel.id, { ...UNKNOWN_PROFILE, profile, readAt: now }, now + MINUTE);
    const draft = { ...drafted(now), sentinelId: channel.id, ...wish.incident };
    const incident = await tx.incidents.open(draft);
    assert.ok(incident);
    const { id: incidentId, status, beganAt: firstBadAt } = incident;
    await tx.incidents.join({
      incidentId,
      channelId: channel.id,
      joinedAt: now,
      firstBadAt,
      status,
      worked: true,
      replaced: 'AVAILABLE',
      leftAt: null,
      leftReason: null,
    });
    const event = { incidentId, at: now, channelId: null, by: null, detail: null };
    const joined = { ...event, kind: 'joined', channelId: channel.id } as const;
    const more = (wish.events ?? []).map((one) => ({
      ...event,
      kind: 'acknowledged' as const,
      ...one,
    }));
    await tx.incidents.addEvents([{ ...event, kind: 'opened' }, joined, ...more]);
    return incident;
  });
}

function drafted(now: number): Draft {
  return aDraft({
    detail: 'There was an error related to your payment method.',
    beganAt: now - 5 * MINUTE,
    openedAt: now - 4 * MINUTE,
    lastGoodAt: now - 6 * MINUTE,
    confirmation: { reads: 3, spanMs: 62_000, channels: 1, byWebhook: false },
  });
}
