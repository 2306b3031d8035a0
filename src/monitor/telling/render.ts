/**
 * What a delivery says at the moment when it is sent: loaded from what is true now, so that a message that waited
 * for hours tells nobody of yesterday. It decides how the delivery reads; `domain/telling/texts` has the words.
 */
import type { Incident } from '#domain/incidents/incident.ts';
import { aboutOf } from '#domain/telling/about.ts';
import type { Delivery, DeliveryKind } from '#domain/telling/delivery.ts';
import type { Message } from '#domain/telling/message.ts';
import type { Receiver } from '#domain/telling/receiver.ts';
import { nextReminderAt } from '#domain/telling/reminder.ts';
import { digestMessage } from '#domain/telling/texts/digest.ts';
import type { IncidentMessageKind } from '#domain/telling/texts/incident-message.ts';
import { incidentMessage } from '#domain/telling/texts/incident-message.ts';
import type { Occasion, Place } from '#domain/telling/texts/incident-view.ts';
import {
  baselineMessage,
  readingNow,
  silenceEndedMessage,
  summaryMessage,
} from '#domain/telling/texts/list-message.ts';
import { trialMessage } from '#domain/telling/texts/trial-message.ts';
import type { Deps } from '#monitor/deps.ts';
import type { StoreView } from '#ports/store.ts';
import { loadDigest } from './load-digest.ts';
import { loadList } from './load-list.ts';
import { loadIncidentView } from './load-view.ts';

/** Where to read on about an incident: its page, or the command that shows it. */
type Links = (incident: Incident) => Place;

export interface Rendering {
  readonly delivery: Delivery;
  readonly receiver: Receiver;
  readonly links: Links;
}

/**
 * The message; null when nothing is left to tell. `opened` about an incident that is over tells of both in one. It
 * only reads.
 */
export async function renderDelivery(
  view: StoreView,
  deps: Pick<Deps, 'clock'>,
  rendering: Rendering,
): Promise<Message | null> {
  const { delivery, receiver } = rendering;
  const occasion: Occasion = {
    now: deps.clock.now(),
    at: delivery.createdAt,
    zone: receiver.zone,
    instance: await instanceOf(view),
  };
  if (delivery.incidentId !== null) return renderIncident(view, rendering, occasion);
  switch (delivery.kind) {
    case 'test':
      return trialMessage(receiver, occasion, delivery.id);
    case 'digest':
      return renderDigest(view, rendering, occasion);
    default:
      return renderList(view, rendering, occasion);
  }
}

/** What the message about an incident would say if it were sent now, to somebody who needs no zone and no reminder. */
export async function presentMessage(
  view: StoreView,
  { clock }: Pick<Deps, 'clock'>,
  { incident, place }: { readonly incident: Incident; readonly place: Place },
): Promise<Message> {
  const now = clock.now();
  const about = await loadIncidentView(view, {
    incident,
    place,
    labels: null,
    remindAt: null,
    now,
  });
  const occasion = { now, at: now, zone: null, instance: await instanceOf(view) };
  return incidentMessage(readingNow(incident), about, occasion);
}

async function instanceOf(view: StoreView): Promise<string> {
  return (await view.settings.get('instance_id')) ?? '';
}

async function renderIncident(
  view: StoreView,
  { delivery, links }: Rendering,
  occasion: Occasion,
): Promise<Message | null> {
  const { incidentId, kind, urgency, labels } = delivery;
  const incident = incidentId === null ? null : await view.incidents.find(incidentId);
  if (incident === null) return null;
  const reading = readingOf(kind, incident);
  if (reading === null) return null;
  const rule = await ruleOf(view, delivery);
  const { now } = occasion;
  const remindAt = nextReminderAt(incident, { rule, urgency, now });
  const place = links(incident);
  const about = await loadIncidentView(view, { incident, labels, now, remindAt, place });
  return incidentMessage(reading, about, occasion);
}

/** Null is the default rule; one that is gone reminds nobody any more. */
async function ruleOf(view: StoreView, { rule }: Delivery) {
  if (rule === null || rule === 'default') return null;
  return (await view.rules.find(rule)) ?? { remindAfterMs: null, remindEveryMs: null };
}

const WHILE_OPEN: Readonly<Partial<Record<DeliveryKind, IncidentMessageKind>>> = {
  opened: 'incident.opened',
  worse: 'incident.worse',
  flapping: 'incident.flapping',
  reminder: 'incident.reminder',
  silence_ended: 'silence.ended',
};

/** How a delivery about one incident reads now; null when that says nothing any more. */
function readingOf(kind: DeliveryKind, incident: Incident): IncidentMessageKind | null {
  const { resolvedAt, resolution, isFlapping, acknowledgement } = incident;
  if (resolvedAt === null) {
    if (kind === 'reminder' && acknowledgement !== null) return null;
    if (kind === 'opened' && isFlapping) return 'incident.flapping';
    return WHILE_OPEN[kind] ?? null;
  }
  if (kind !== 'opened' && kind !== 'resolved') return null;
  if (resolution !== 'recovered') return 'incident.ended';
  return kind === 'opened' ? 'incident.passed' : 'incident.resolved';
}

async function renderList(
  view: StoreView,
  { delivery, links }: Rendering,
  occasion: Occasion,
): Promise<Message | null> {
  const { incidents: ids, silence: silenceId } = aboutOf(delivery.about);
  const { kind, id } = delivery;
  const incidents = await view.incidents.findAll(ids);
  const told =
    kind === 'summary' ? incidents : incidents.filter(({ resolvedAt }) => resolvedAt === null);
  if (told.length === 0) return null;
  const list = await loadList(view, { incidents: told, labels: delivery.labels, occasion, links });
  if (kind === 'baseline') return baselineMessage(list, occasion, id);
  if (kind === 'silence_ended') {
    const silence = silenceId === null ? null : await view.silences.find(silenceId);
    const { author, reason } = silence ?? { author: 'somebody', reason: 'not known any more' };
    return silenceEndedMessage(list, occasion, { id: silenceId ?? id, author, reason });
  }
  return summaryMessage(list, occasion, id);
}

async function renderDigest(
  view: StoreView,
  { delivery, links }: Rendering,
  occasion: Occasion,
): Promise<Message> {
  const until = aboutOf(delivery.about).until ?? delivery.createdAt;
  return digestMessage(await loadDigest(view, { until, occasion, links }), occasion);
}
