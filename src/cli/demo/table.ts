/** The demo's fleet as a small table: who can send, who can be called, who acts, why. */
import { inert } from '#cli/text/inert.ts';
import { actorText } from '#cli/text/health-words.ts';
import type { ChannelHealth } from '#cli/text/health-text.ts';
import { tableText } from '#cli/text/layout.ts';
import type { Style } from '#cli/text/style.ts';

export interface DemoRow {
  readonly name: string;
  readonly number: string;
  readonly health: ChannelHealth;
}

export function demoTable(rows: readonly DemoRow[], style: Style): string {
  const head = ['NAME', 'NUMBER', 'MESSAGING', 'CALLING', 'WHO ACTS', 'WHY'];
  const cells = rows.map(({ name, number, health }) => [
    name,
    number,
    health.messaging.status,
    health.calling?.status ?? '–',
    actorOf(health),
    whyOf(health),
  ]);
  const paint = (cell: string, column: number) =>
    column === 2 || column === 3 ? style.status(cell) : cell;
  return tableText({ head, rows: cells, paint });
}

/** The finding that a person would be told first: behind the messaging verdict, else about calling. */
function tellingOf({ reason, findings, calling }: ChannelHealth) {
  if (reason !== null) return reason;
  if (calling?.status !== 'BLOCKED') return null;
  return findings.find((finding) => finding.capability === 'calling') ?? null;
}

/** In one or two words: the table has to fit. */
const ACTORS: Readonly<Record<string, string>> = {
  integrator: 'you',
  account_owner: 'account owner',
  provider: 'provider',
  template_author: 'template author',
};

function actorOf(health: ChannelHealth): string {
  if (isUnread(health)) return 'you';
  const telling = tellingOf(health);
  return telling === null ? '–' : (ACTORS[telling.actor] ?? actorText(telling.actor));
}

/** Nothing can be said, because the reads fail. */
function isUnread({ failure, messaging }: ChannelHealth): boolean {
  return failure !== null && messaging.reason !== null;
}

/** In one line: the meaning of the finding and its code, or why nothing is known. */
function whyOf(health: ChannelHealth): string {
  if (health.failure !== null && isUnread(health)) {
    return `${firstClause(inert(health.failure.detail))} (${inert(health.failure.code)})`;
  }
  const telling = tellingOf(health);
  if (telling === null) return health.messaging.status === 'AVAILABLE' ? 'all is well' : '–';
  const subject = telling.subject.type ?? 'credential';
  return `${firstClause(inert(telling.meaning))} (${inert(subject)}/${inert(telling.code)})`;
}

function firstClause(text: string): string {
  return /^.*?(?=[.,;:]( |$)| \(|$)/.exec(text)?.[0] ?? text;
}
