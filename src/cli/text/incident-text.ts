/** An incident for a person: what, since when, how sure, what to do, who is hit, and what happened. */
import type { Answer } from '#api/call.ts';
import { channelText } from './channel-text.ts';
import { deliveriesText } from './delivery-text.ts';
import { actorText } from './health-words.ts';
import { inert } from './inert.ts';
import { labelled, tableText, wrapped } from './layout.ts';
import { ageText, momentText } from '#domain/moment-text.ts';
import { numberText } from '#domain/number-text.ts';
import type { Style } from './style.ts';

export type Incident = Answer<'listIncidents'>['body']['items'][number];
type ShownIncident = Answer<'getIncident'>['body'];
type Member = Answer<'listIncidentMembers'>['body']['items'][number];
type Event = Answer<'listIncidentEvents'>['body']['items'][number];
type Delivery = Answer<'listDeliveries'>['body']['items'][number];

/** All that is told of one incident; lists may be parts. */
export interface IncidentStory {
  readonly incident: ShownIncident;
  readonly members: readonly Member[];
  readonly events: readonly Event[];
  /** Whether there are later ones. */
  readonly hasMoreEvents: boolean;
  readonly deliveries: readonly Delivery[];
}

interface Screen {
  readonly style: Style;
  readonly width: number;
  /** ms UTC. */
  readonly now: number;
}

const COLUMN = 11;

export function incidentText(story: IncidentStory, screen: Screen): string {
  const { incident, deliveries } = story;
  const parts = [
    headText(incident, screen),
    findingsText(incident, screen),
    membersText(story, screen),
    timelineText(story, screen),
    deliveries.length === 0
      ? 'Nothing was to be told of it.'
      : `${screen.style.bold('Deliveries')}, newest first\n${deliveriesText(deliveries)}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function headText(incident: ShownIncident, screen: Screen): string {
  const { style, width } = screen;
  const line = (label: string, text: string | null) =>
    text === null ? [] : [labelled(label, text, { width, column: COLUMN })];
  const title = `Incident ${incident.number}  ${style.status(inert(incident.status))}`;
  return [
    `${style.bold(title)}  ${causeText(incident)}`,
    ...line('Hit', numbersText(incident)),
    ...line('Since', sinceText(incident, screen)),
    ...line('Sure', sureText(incident)),
    ...line('Says', incident.detail === null ? null : inert(incident.detail)),
    ...line('Who', actorText(incident.actor)),
    ...line('State', stateText(incident, screen)),
  ].join('\n');
}

/** `WABA 1022…`, `credential acme-token`: what it is about, by its name where there is one. */
export function causeText({ cause, capability }: Pick<Incident, 'cause' | 'capability'>): string {
  const what = cause.kind === 'entity' ? (cause.type ?? 'entity') : cause.kind;
  const field = cause.kind === 'warning' && cause.type !== null ? cause.type : null;
  const whom = cause.name ?? cause.id;
  const beside = cause.name !== null && cause.kind === 'entity' ? `(${cause.id})` : null;
  const of = capability === null || capability === 'messaging' ? null : `for ${capability}`;
  const parts = [what, field, whom, beside, of].filter((part) => part !== null);
  return inert(parts.join(' '));
}

/** Null where it is about no number: a receiver, this server. */
function numbersText({ numbers, status, resolved_at: resolved }: Incident): string | null {
  const { affected, ever } = numbers;
  if (ever === 0) return null;
  if (resolved !== null) return `${numberText(ever)} ${ever === 1 ? 'number' : 'numbers'} in all`;
  const noun = affected === 1 ? 'number' : 'numbers';
  const before = ever > affected ? `, ${numberText(ever)} in all since it began` : '';
  return `${numberText(affected)} ${noun} now ${inert(status)}${before}`;
}

function sinceText(incident: Incident, { now }: Screen): string {
  const began = Date.parse(incident.began_at);
  const end = incident.ended_at ?? incident.resolved_at;
  const until = end === null ? now : Date.parse(end);
  const length = ageText(until - began);
  const ended = end === null ? '' : ` until ${momentText(until)}`;
  return `${momentText(began)}${ended} (${length})${goodText(incident)}`;
}

function goodText({ last_good_at: at, numbers }: Incident): string {
  if (at !== null) return `; last good ${momentText(Date.parse(at))}`;
  return numbers.ever === 0 ? '' : '; never seen good';
}

/** Null where no read of a number showed it. */
function sureText({ confirmation }: Incident): string | null {
  const { reads, span_seconds: span, channels, by_webhook: byWebhook } = confirmation;
  if (reads === 0) return null;
  const over = span < 1 ? '' : ` over ${ageText(span * 1000)}`;
  const through = channels === 1 ? 'one number' : `${channels} numbers`;
  const hint = byWebhook ? ', and a webhook named it' : '';
  return `${reads} ${reads === 1 ? 'read' : 'reads'}${over} through ${through}${hint}`;
}

const RESOLUTIONS: Readonly<Record<string, string>> = {
  recovered: 'recovered',
  gone: 'its numbers are watched no more, or moved elsewhere',
  manual: 'closed by hand',
};

function stateText(incident: Incident, { now }: Screen): string {
  const { resolved_at: resolved, resolution, acknowledgement: said, watch_until: watch } = incident;
  const parts: string[] = [];
  if (resolved === null) parts.push('open');
  else {
    const how = resolution === null ? '' : `: ${RESOLUTIONS[resolution] ?? inert(resolution)}`;
    parts.push(`resolved ${momentText(Date.parse(resolved))}${how}`);
  }
  if (said !== null) {
    const note = said.note === null ? '' : ` ("${inert(said.note)}")`;
    parts.push(`acknowledged ${momentText(Date.parse(said.at))} by ${inert(said.by)}${note}`);
  }
  if (resolved === null && watch !== null && Date.parse(watch) > now) {
    parts.push(`watched closely until ${momentText(Date.parse(watch))}`);
  }
  if (incident.unseen_since !== null) {
    parts.push(`out of sight since ${momentText(Date.parse(incident.unseen_since))}`);
  }
  if (incident.is_flapping) parts.push('it comes and goes');
  if (incident.is_baseline) parts.push('it was so before it was watched');
  if (incident.inhibited_by !== null) parts.push('an incident about many causes tells of it');
  return parts.join('; ');
}

function findingsText({ findings }: ShownIncident, { style, width }: Screen): string {
  const blocks = findings.map(({ code, meaning, remedy, actor, earlier }) => {
    const link = remedy.link === null ? '' : ` → ${inert(remedy.link)}`;
    const lines = [
      wrapped(`! ${inert(meaning)} (${inert(code)})`, width, 2),
      `  ${wrapped(`Do (${actorText(actor)}): ${inert(remedy.text)}${link}`, width - 2, 4)}`,
    ];
    if (earlier !== null) {
      const { from_seconds: from, to_seconds: to, cases } = earlier;
      const range = from === to ? lengthText(from) : `${lengthText(from)} to ${lengthText(to)}`;
      const count = cases === 1 ? 'one case' : `${cases} cases`;
      lines.push(`  Earlier it was good ${range} after somebody was at it (${count}).`);
    }
    return lines.join('\n');
  });
  return blocks.length === 0 ? '' : [style.bold('Why, and what to do'), ...blocks].join('\n');
}

function lengthText(seconds: number): string {
  return ageText(seconds * 1000);
}

const LEFT: Readonly<Record<string, string>> = {
  recovered: 'recovered',
  moved: 'moved to another cause',
  removed: 'removed',
  retired: 'retired',
  paused: 'paused',
  manual: 'closed by hand',
};

function membersText({ members, incident }: IncidentStory, { style }: Screen): string {
  if (members.length === 0) return '';
  const rows = members.map((member) => {
    const { left_at: left, left_reason: reason } = member;
    const state =
      left === null
        ? inert(member.status)
        : `${LEFT[reason ?? ''] ?? inert(reason ?? 'left')} ${momentText(Date.parse(left))}`;
    return [
      `  ${channelText(member.channel)}`,
      `since ${momentText(Date.parse(member.first_bad_at))}`,
      state,
    ];
  });
  const rest = incident.numbers.ever - members.length;
  const more = rest > 0 ? `\n  and ${numberText(rest)} more` : '';
  return `${style.bold('Numbers')}\n${tableText({ head: [], rows })}${more}`;
}

function timelineText({ events, hasMoreEvents }: IncidentStory, { style }: Screen): string {
  if (events.length === 0) return '';
  const rows = events.map(({ at, kind, channel, by, detail }) => [
    `  ${momentText(Date.parse(at), { seconds: true })}`,
    inert(kind),
    channel === null ? '' : channelText(channel),
    [by, detail].flatMap((text) => (text === null ? [] : [inert(text)])).join(': '),
  ]);
  const more = hasMoreEvents ? '\n  and more, which the API lists' : '';
  return `${style.bold('What happened')}\n${tableText({ head: [], rows })}${more}`;
}
