/**
 * What is decided about an event of an incident, for every receiver. It only looks: planning what it says is
 * `announce.ts`, and a dry run shows it.
 */
import type { ReceiverId } from '#domain/id.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { Decision } from '#domain/telling/decide.ts';
import { decide } from '#domain/telling/decide.ts';
import type { Delivery, DeliveryKind } from '#domain/telling/delivery.ts';
import type { AffectedChannel, TellingFacts } from '#domain/telling/match.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import type { Rule } from '#domain/telling/rule.ts';
import type { Silence } from '#domain/telling/silence.ts';
import type { Page } from '#ports/page.ts';
import type { StoreView } from '#ports/store.ts';

/** Channels that are looked at for their labels and modes; an incident may affect more. */
const CHANNELS_MAX = 500;
const ROWS_AT_ONCE = 500;

/** Who could hear of anything, and what governs that. */
export interface Audience {
  readonly receivers: readonly Receiver[];
  readonly rules: readonly Rule[];
  /** Those in force. */
  readonly silences: readonly Silence[];
}

export interface Decided {
  readonly receiver: Receiver;
  /** What it was told of this incident so far, or was not. */
  readonly before: readonly Delivery[];
  readonly decision: Decision;
}

/** An event of an incident. */
export interface Announcement {
  readonly incident: Incident;
  readonly kind: DeliveryKind;
  /** ms UTC. */
  readonly at: number;
  /** Only for receivers of whose deliveries about this incident so far this is so; for all unless given. */
  readonly isFor?: (before: readonly Delivery[]) => boolean;
}

export async function audienceOf(view: StoreView, at: number): Promise<Audience> {
  const receivers = await view.receivers.all();
  if (receivers.length === 0) return { receivers, rules: [], silences: [] };
  return {
    receivers,
    rules: await view.rules.all(),
    silences: await view.silences.inForce(at),
  };
}

/**
 * One decision for each receiver, in the order of names. With an audience of one's own it says what would be
 * decided with those rules.
 */
export async function decisionsAbout(
  view: StoreView,
  { incident, kind, at }: Announcement,
  audience?: Audience,
): Promise<readonly Decided[]> {
  const { receivers, rules, silences } = audience ?? (await audienceOf(view, at));
  if (receivers.length === 0) return [];
  const facts = await factsOf(view, incident);
  const told = await toldOf(view, incident);
  return receivers.map((receiver) => {
    const before = told.get(receiver.id) ?? [];
    const decision = decide({ facts, kind, receiver, rules, silences, before });
    return { receiver, before, decision };
  });
}

/** What each receiver was told of it so far, or was not, oldest first. */
async function toldOf(
  view: StoreView,
  { id: incidentId }: Incident,
): Promise<ReadonlyMap<ReceiverId, readonly Delivery[]>> {
  const told: Delivery[] = [];
  let after: string | null = null;
  do {
    const page: Page<Delivery> = await view.outbox.list(
      { after, limit: ROWS_AT_ONCE },
      { incidentId },
    );
    told.push(...page.items);
    after = page.next;
  } while (after !== null);
  return Map.groupBy(told.toReversed(), ({ receiverId }) => receiverId);
}

/** The incident with the channels that it affects, as far as they are looked at. */
export async function factsOf(view: StoreView, incident: Incident): Promise<TellingFacts> {
  const page = { after: null, limit: CHANNELS_MAX };
  const { items } = await view.incidents.membersOf(incident.id, page);
  const members = items.filter(({ leftAt }) => leftAt === null);
  if (members.length === 0) return { incident, numbers: 0, channels: [] };
  const ids = members.map(({ channelId }) => channelId);
  const { affected } = await view.incidents.countsOf(incident.id);
  const names = await view.channels.namesOf(ids);
  const labels = await view.channels.labelsOf(ids);
  const profiles = await view.profiles.ofChannels(ids);
  const channels = members.map(({ channelId: id, replaced }): AffectedChannel => {
    const isSandbox = profiles.get(id)?.profile?.accountMode === 'SANDBOX';
    return {
      id,
      name: names.get(id)?.name ?? id,
      labels: labels.get(id) ?? {},
      isSandbox,
      replaced,
    };
  });
  return { incident, numbers: affected, channels };
}
