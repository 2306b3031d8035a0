/** What each 200 and 304 says beyond its body: verdicts, effects, and when not AVAILABLE why and since. */
import type { Assessment } from '#domain/assessment.ts';
import { assessmentOf } from '#domain/assessment.ts';
import type { Effects } from '#domain/effect.ts';
import type { Verdicts } from '#domain/verdict.ts';
import type { Held } from '#monitor/latest.ts';
import type { Digest } from '#ports/digest.ts';
import { headerText, headerWord } from './header-text.ts';

/** Names and values in turn. They hold until the answer is outdated at the latest. */
export function verdictHeaders(held: Held, digest: Digest, now: number): string[] {
  const { channel, state, billedBy } = held;
  const assessment = assessmentOf(state, {
    checkIntervalMs: channel.intervalMs,
    upstream: channel.upstream,
    billedBy,
    now,
    sha256Hex: (text) => digest.sha256Hex(text),
  });
  return [
    'Waba-Health-Verdict',
    verdictLine(assessment.standing.verdicts),
    'Waba-Health-Effects',
    effectsLine(assessment.effects),
    ...(assessment.standing.verdicts.messaging.status === 'AVAILABLE'
      ? []
      : reasonHeaders(assessment)),
  ];
}

function verdictLine({ messaging, calling, reported }: Verdicts): string {
  const parts = [`messaging=${messaging.status}`];
  if (calling !== null) parts.push(`calling=${calling.status}`);
  if (reported !== null) parts.push(`reported=${headerWord(reported)}`);
  return parts.join(', ');
}

function effectsLine({ business_initiated, replies, inbound, calling }: Effects): string {
  return [
    `business-initiated=${business_initiated.level}`,
    `replies=${replies.level}`,
    `inbound=${inbound.level}`,
    `calling=${calling.level}`,
  ].join(', ');
}

function reasonHeaders({ standing, reason }: Assessment): string[] {
  const headers: string[] = [];
  if (reason?.subject.kind === 'entity') {
    const { type } = reason.subject;
    headers.push('Waba-Health-Reason', `${headerText(type)}/${headerText(reason.code)}`);
  } else if (standing.verdicts.messaging.reason !== null) {
    headers.push('Waba-Health-Reason', standing.verdicts.messaging.reason);
  }
  if (standing.since !== null) {
    headers.push('Waba-Health-Since', new Date(standing.since.messaging).toISOString());
  }
  return headers;
}
