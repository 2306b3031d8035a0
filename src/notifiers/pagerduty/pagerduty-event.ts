/** A message as an event. What is neither begun nor ended is a change event: it is shown and wakes nobody. */
import { createHash } from 'node:crypto';
import { inertText } from '#domain/inert-text.ts';
import type { Message } from '#domain/telling/message.ts';
import { fit, fitJson } from '#notifiers/transport/fit.ts';
import { linesOf, pageName, pageOf, titleOf } from '#notifiers/transport/message-text.ts';

const SUMMARY_MAX = 1_024;
const KEY_MAX = 255;
/** PagerDuty refuses more than 512 KB. */
const BODY_BYTES_MAX = 500_000;
const LINKS_MAX = 10;

export interface PagerdutyEvent {
  readonly path: '/v2/enqueue' | '/v2/change/enqueue';
  readonly body: string;
}

export function pagerdutyEvent(
  message: Message,
  isPlain: boolean,
  routingKey: string,
): PagerdutyEvent {
  const head = { routing_key: routingKey };
  const key = { dedup_key: keyOf(message.dedupKey) };
  if (message.phase === 'ended') return enqueue([{ ...head, event_action: 'resolve', ...key }]);
  // A test is meant to ring: a change event would not show whether anybody is woken.
  const isTrigger = message.phase === 'firing' || message.kind === 'test';
  const action = isTrigger ? { event_action: 'trigger', ...key } : {};
  const plain = { ...head, ...action, payload: payloadOf(message, isTrigger) };
  const full = {
    ...plain,
    payload: { ...plain.payload, custom_details: detailsOf(message) },
    links: linksOf(message),
    ...(isTrigger ? { client: 'waba-health', client_url: pageOf(message) ?? undefined } : {}),
  };
  const { body } = enqueue(isPlain ? [plain] : [full, plain]);
  return { path: isTrigger ? '/v2/enqueue' : '/v2/change/enqueue', body };
}

function enqueue(events: readonly object[]): PagerdutyEvent {
  const bodies = events.map((event) => () => event);
  return { path: '/v2/enqueue', body: fitJson(bodies, BODY_BYTES_MAX) };
}

/** A key that is too long becomes its beginning and its hash: the same for the same incident. */
function keyOf(key: string): string {
  if (key.length <= KEY_MAX) return key;
  return `${key.slice(0, 150).toWellFormed()}:${createHash('sha256').update(key).digest('hex')}`;
}

function payloadOf(message: Message, isTrigger: boolean): object {
  const { incident, severity, at, labels } = message;
  const { type = null, id = null } = incident?.cause ?? {};
  const general = {
    summary: titleOf(message, SUMMARY_MAX),
    source: fit(inertText(labels['instance'] ?? 'waba-health'), SUMMARY_MAX),
    timestamp: new Date(at).toISOString(),
  };
  if (!isTrigger) return general;
  return {
    ...general,
    severity,
    component: type === null ? undefined : fit(inertText(`${type} ${id ?? ''}`), SUMMARY_MAX),
    group: incident?.capability ?? undefined,
    class: incident?.codes[0],
  };
}

function detailsOf(message: Message): object {
  const details = new Map<string, string | number>();
  for (const [index, { label, text }] of linesOf(message).entries()) {
    const name = label ?? `Line ${index + 1}`;
    details.set(details.has(name) ? `${name} (${index + 1})` : name, text);
  }
  if (message.incident !== null) details.set('Affected', message.incident.numbers.affected);
  return Object.fromEntries(details);
}

function linksOf(message: Message): object[] {
  const page = pageOf(message);
  const lines = linesOf(message).flatMap(({ link, label, text }) => {
    return link === null ? [] : [{ href: link, text: label ?? fit(text, 80) }];
  });
  const own = page === null ? [] : [{ href: page, text: pageName(message) }];
  return [...own, ...lines].slice(0, LINKS_MAX);
}
