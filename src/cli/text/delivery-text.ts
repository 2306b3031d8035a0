/** Deliveries for a person: what became of each message, and every attempt. */
import type { Answer } from '#api/call.ts';
import { factsText } from './facts.ts';
import { inert } from './inert.ts';
import { tableText } from './layout.ts';
import { momentText } from '#domain/moment-text.ts';

type Delivery = Answer<'listDeliveries'>['body']['items'][number];
type WithAttempts = Answer<'getDelivery'>['body'];

/** A line for each. */
export function deliveriesText(items: readonly Delivery[]): string {
  const rows = items.map((item) => [
    at(item.created_at),
    item.incident === null ? '–' : String(item.incident.number),
    inert(item.receiver.name),
    inert(item.kind),
    inert(item.state),
    fateText(item),
    inert(item.id),
  ]);
  const head = ['Since', 'Incident', 'Receiver', 'What', 'State', '', 'Id'];
  return tableText({ head, rows });
}

/** One with all its attempts. */
export function deliveryText(delivery: WithAttempts): string {
  const labels = Object.entries(delivery.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const facts = factsText({
    Id: delivery.id,
    Incident: delivery.incident === null ? null : String(delivery.incident.number),
    Receiver: delivery.receiver.name,
    What: delivery.kind,
    Urgency: delivery.urgency,
    State: delivery.state,
    Why: delivery.reason,
    Rule: delivery.rule,
    'Counts only': labels.join(', '),
    Since: at(delivery.created_at),
    'Sent next': delivery.next_at === null ? null : at(delivery.next_at),
    Delivered: delivery.delivered_at === null ? null : at(delivery.delivered_at),
    'Said instead by': delivery.merged_into,
  });
  return [facts, attemptsText(delivery)].filter((part) => part !== '').join('\n\n');
}

/** A line for each attempt; empty without any. */
export function attemptsText({ attempts }: Pick<WithAttempts, 'attempts'>): string {
  const rows = attempts.map(({ at: when, took_ms: took, outcome, status, detail }) => [
    `  ${momentText(Date.parse(when), { seconds: true })}`,
    OUTCOMES[outcome] ?? inert(outcome),
    status === null ? '' : String(status),
    `${took} ms`,
    detail === null ? '' : inert(detail),
  ]);
  return rows.length === 0 ? '' : tableText({ head: [], rows });
}

const OUTCOMES: Readonly<Record<string, string>> = {
  delivered: 'taken',
  throttled: 'wants peace',
  transient: 'failed for now',
  payload: 'refused the form',
  config: 'refuses everything',
  cut_off: 'cut off by a stop',
};

/** In a few words what became of it. */
export function fateText(delivery: Delivery): string {
  const { state, attempts_made: made, next_at: next } = delivery;
  if (state === 'delivered' && delivery.delivered_at !== null) {
    return `taken ${at(delivery.delivered_at)}${made > 1 ? ` at attempt ${made}` : ''}`;
  }
  if (state !== 'pending' || next === null) return inert(delivery.reason);
  return made === 0 ? `to be sent ${at(next)}` : `attempt ${made + 1} at ${at(next)}`;
}

function at(timestamp: string): string {
  return momentText(Date.parse(timestamp));
}
