/** Matchers as the command line takes them, so that what is read can be typed again. */
import type { Answer } from '#api/call.ts';
import { inert } from './inert.ts';

type Matchers = Answer<'getRule'>['body']['match'];

/** `severity=critical,error label:tier=gold`; `everything` when nothing is matched. */
export function matchersText(match: Matchers): string {
  const { effect = [], labels = {}, without_labels: without = {}, numbers_min: least } = match;
  const lists = [
    ['severity', match.severity],
    ['status', match.status],
    ['capability', match.capability],
    ['cause', match.cause],
    ['entity-type', match.entity_type],
    ['subject', match.subject],
    ['code', match.code],
    ['actor', match.actor],
    ['channel', match.channel],
  ] as const;
  const parts = [
    ...lists.flatMap(([name, values]) => (values ? [`${name}=${values.join(',')}`] : [])),
    ...effect.map(({ name, level }) => `effect:${name}=${level}`),
    ...(least === undefined ? [] : [`numbers-min=${least}`]),
    ...Object.entries(labels).map(([name, value]) => `label:${name}=${value}`),
    ...Object.entries(without).map(([name, value]) => `not-label:${name}=${value}`),
  ];
  return parts.length === 0 ? 'everything' : inert(parts.join(' '));
}
