/** What a page says first about an incident: its title, and the lines that a message has too. */
import { ACTOR_WORDS } from '#domain/actor.ts';
import type { EffectName } from '#domain/effect.ts';
import { EFFECTS } from '#domain/effect.ts';
import type { CauseKind } from '#domain/incidents/cause.ts';
import type { Confirmation, Incident } from '#domain/incidents/incident.ts';
import { ageText, momentText } from '#domain/moment-text.ts';
import { numberText } from '#domain/number-text.ts';
import type { MessageLine } from '#domain/telling/message.ts';
import { accountText } from '#domain/telling/texts/names.ts';
import type { IncidentFacts } from '#monitor/incidents/incident-facts.ts';
import type { NamedChannel } from '#ports/store.ts';

/** `1 number`, `7,960 numbers`. */
export function numbersText(count: number): string {
  return `${numberText(count)} ${count === 1 ? 'number' : 'numbers'}`;
}

/** `+49 30 1234 · Acme GmbH`, as far as it is known; the name that we call it by otherwise. */
export function channelTitle({ name, names }: NamedChannel): string {
  const known = [names.displayNumber, names.verifiedName].filter((part) => part !== null);
  return known.length === 0 ? name : known.join(' · ');
}

const WHAT: Readonly<Record<CauseKind, (facts: IncidentFacts) => string>> = {
  entity: ({ incident }) =>
    incident.capability === 'calling'
      ? `Calls to ${whom(incident)}`
      : `Sending from ${whom(incident)}`,
  credential: ({ causeName }) => `The credential ${causeName ?? '(removed)'} is not taken any more`,
  unreadable: () => 'Numbers cannot be read any more',
  upstream: ({ incident }) => `${upstreamName(incident)} fails as a whole`,
  fleet: ({ incident }) => `Many accounts at ${upstreamName(incident)} are in trouble at once`,
  server: () => 'This server reaches nothing',
  sends: () => 'Sends fail although Meta reports AVAILABLE',
  warning: () => 'Trouble to come',
  receiver: ({ causeName }) => `The receiver ${causeName ?? '(removed)'} takes no messages`,
};

function whom({ cause }: Incident): string {
  const type = cause.type === null ? 'a number' : cause.type;
  return cause.type === null || cause.ref === null ? type : `${type} ${cause.ref}`;
}

function upstreamName({ upstream }: Incident): string {
  return upstream === 'dialog360' ? '360dialog' : 'Meta';
}

/** One line: what, and whom it hits. */
export function incidentTitle(facts: IncidentFacts): string {
  const account = accountText(facts.members.map((member) => ({ ...member, ...member.names })));
  const beside = account === null ? '' : ` (${account})`;
  return `${WHAT[facts.incident.cause.kind](facts)}${beside}`;
}

/** Since when, whom, what still works, who acts, how sure. */
export function incidentLines(facts: IncidentFacts, now: number): readonly MessageLine[] {
  const { incident, earlier } = facts;
  const lines: readonly (MessageLine | null)[] = [
    line('Since', sinceText(incident, now)),
    facts.counts.ever === 0 ? null : line('Numbers', reachText(facts)),
    said('Effects', effectsText(facts)),
    said('What', isSaidBelow(facts) ? null : incident.detail),
    line('Who acts', ACTOR_WORDS[incident.actor]),
    line('How sure', sureText(incident.confirmation)),
    incident.lastGoodAt === null ? null : line('Last good', momentText(incident.lastGoodAt)),
    earlier === null || earlier.cases === 0
      ? null
      : line(
          'Earlier',
          `good again ${ageText(earlier.fromMs)} to ${ageText(earlier.toMs)} after somebody was at it, ` +
            `${numberText(earlier.cases)} ${earlier.cases === 1 ? 'case' : 'cases'}`,
        ),
    said('Out of sight', incident.unseenSince === null ? null : unseenText(incident.unseenSince)),
    incident.isFlapping ? line('Flapping', 'it closes only after an hour without trouble') : null,
  ];
  return lines.filter((one) => one !== null);
}

/** Whether a finding quotes it anyway. */
function isSaidBelow({ incident, findings }: IncidentFacts): boolean {
  return findings.some(({ text, explanation }) => explanation.known && text === incident.detail);
}

function line(label: string, text: string): MessageLine {
  return { label, text, link: null };
}

function said(label: string, text: string | null): MessageLine | null {
  return text === null ? null : line(label, text);
}

function sinceText({ beganAt, isBaseline, endedAt, resolvedAt }: Incident, now: number): string {
  const end = endedAt ?? resolvedAt;
  const began = momentText(beganAt);
  if (end !== null) return `${began}, until ${momentText(end)} (${ageText(end - beganAt)})`;
  if (isBaseline) return `before we watched; seen first ${began}`;
  return `${began} (${ageText(now - beganAt)} ago)`;
}

function reachText({ counts, total, incident }: IncidentFacts): string {
  if (incident.resolvedAt !== null) return `${numbersText(counts.ever)} were affected`;
  const isKnown = total !== null && total >= counts.affected && total > 1;
  return isKnown
    ? `${numberText(counts.affected)} of its ${numbersText(total)} affected`
    : `${numbersText(counts.affected)} affected`;
}

const EFFECT_WORDS: Readonly<Record<EffectName, string>> = {
  business_initiated: 'new conversations',
  replies: 'replies',
  inbound: 'incoming messages',
  calling: 'calls',
};

/** Of the weightiest finding alone: it is what the incident is about. */
function effectsText({ findings }: IncidentFacts): string | null {
  const effects = findings[0]?.explanation.effects ?? {};
  const words = EFFECTS.flatMap((name) => {
    const claim = effects[name];
    if (claim === undefined) return [];
    return `${EFFECT_WORDS[name]}: ${claim.level === 'unknown' ? 'not known' : claim.level}`;
  });
  return words.length === 0 ? null : words.join(' · ');
}

function sureText({ reads, spanMs, channels, byWebhook }: Confirmation): string {
  const named = byWebhook ? "named by Meta's webhook" : '';
  const over = spanMs === 0 ? '' : ` over ${ageText(spanMs)}`;
  const through = channels === 0 ? '' : ` through ${numbersText(channels)}`;
  const seen = reads === 0 ? '' : `${reads} ${reads === 1 ? 'read' : 'reads'}${over}${through}`;
  const parts = [seen, named].filter((part) => part !== '');
  return parts.length === 0 ? 'seen by this server itself' : parts.join(', ');
}

function unseenText(since: number): string {
  return `none of its numbers could be read since ${momentText(since)}; it may be over`;
}
