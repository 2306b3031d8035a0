/** The week in one message: what is still open and who acts, what ends soon, what nobody watches; or that all is well. */
import { ageText } from '#domain/moment-text.ts';
import { numberText } from '#domain/number-text.ts';
import type { Status } from '#domain/status.ts';
import type { Message, MessageLine } from '#domain/telling/message.ts';
import type { Actor } from '#domain/actor.ts';
import { fewLines, line } from './incident-lines.ts';
import { incidentTitle, shortTitle } from './incident-message.ts';
import type { IncidentView, Occasion } from './incident-view.ts';
import {
  accountOf,
  countText,
  nameText,
  numbersText,
  onlyNumber,
  sentenceText,
  shortSubjectText,
} from './names.ts';
import { dayOf } from './zoned-moment.ts';

/** Incidents of one heading that are named. */
export const DIGEST_NAMED_MAX = 3;

/** The first of several incidents, and how many there are. */
export interface Several {
  readonly first: readonly IncidentView[];
  readonly total: number;
}

export interface DigestView {
  /** The week that it tells of, ms UTC. */
  readonly from: number;
  readonly until: number;
  /** How the channels stand; null where they are too many to count in a message. */
  readonly fleet: Readonly<Record<Status, number>> | null;
  /** Losses, and what cannot be seen. */
  readonly blocked: Several;
  readonly unseen: Several;
  /** Taken by somebody more than three days ago. */
  readonly acknowledged: Several;
  readonly warnings: Several;
  /** By name, with the end of their token, ms UTC: the next to end first. */
  readonly expiring: readonly { readonly name: string; readonly endsAt: number }[];
  /** Those that end within the coming week. */
  readonly silences: readonly {
    readonly author: string;
    readonly reason: string;
    readonly endsAt: number;
  }[];
  /** Numbers that credentials can see and nobody watches; `isMore` when there are more than were counted. */
  readonly unwatched: { readonly count: number; readonly isMore: boolean };
  /** Messages that were given up. */
  readonly deadDeliveries: number;
  /** Of the week: how many incidents began, how many of those are over, and the longest of these in ms. */
  readonly week: {
    readonly opened: number;
    readonly over: number;
    readonly longestMs: number | null;
    readonly isMore: boolean;
  };
}

/** What each week is told, also when all is well: silence would say nothing. */
export function digestMessage(view: DigestView, occasion: Occasion): Message {
  const concerns = concernsOf(view, occasion);
  const isWell = concerns.length === 0;
  return {
    kind: 'digest',
    severity: 'info',
    phase: 'note',
    title: shortTitle(`WEEK of ${spanText(view)}: ${headText(view, isWell)}`),
    lines: fewLines([
      fleetLine(view),
      ...concerns,
      isWell ? line(null, 'All well: nothing is open, nothing ends soon, nothing waits.') : null,
      weekLine(view),
    ]),
    link: null,
    dedupKey: `waba-health:${occasion.instance}:digest:${view.until}`,
    at: occasion.at,
    incident: null,
    labels: {},
  };
}

/** `15–22 Nov`. */
function spanText({ from, until }: DigestView): string {
  const [first, last] = [dayOf(from), dayOf(until)];
  const [day, month] = first.split(' ');
  return `${last.endsWith(` ${month}`) ? day : first}–${last}`;
}

function headText({ blocked, unseen, warnings }: DigestView, isWell: boolean): string {
  if (isWell) return 'all well';
  const parts = [
    blocked.total === 0 ? '' : `${numberText(blocked.total)} still limited or blocked`,
    unseen.total === 0 ? '' : `${numberText(unseen.total)} not seen`,
    warnings.total === 0 ? '' : countText(warnings.total, 'early warning'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'something waits for you' : parts.join(', ');
}

function fleetLine({ fleet }: DigestView): MessageLine | null {
  if (fleet === null) return null;
  const { AVAILABLE, LIMITED, BLOCKED, UNKNOWN } = fleet;
  const total = AVAILABLE + LIMITED + BLOCKED + UNKNOWN;
  const words = [
    `${numberText(AVAILABLE)} available`,
    `${numberText(LIMITED)} limited`,
    `${numberText(BLOCKED)} blocked`,
    `${numberText(UNKNOWN)} not known`,
  ];
  return line('Now', `${words.join(', ')}, of ${numbersText(total)}.`);
}

/** Everything that somebody should look at. */
function concernsOf(view: DigestView, occasion: Occasion): readonly MessageLine[] {
  const { blocked, unseen, acknowledged, warnings, deadDeliveries } = view;
  const lines = [
    severalLine('Still open', blocked, (one) => openText(one, occasion)),
    severalLine('Not seen', unseen, (one) => agedTitle(one, occasion)),
    severalLine('Taken over 3 days ago', acknowledged, (one) => takenText(one, occasion)),
    severalLine('Early warnings', warnings, (one) => agedTitle(one, occasion)),
    expiringLine(view),
    silencesLine(view),
    unwatchedLine(view),
    deadDeliveries === 0
      ? null
      : line(
          'Not delivered',
          `${countText(deadDeliveries, 'message')}: waba-health deliveries list --state dead`,
        ),
  ];
  return lines.filter((one) => one !== null);
}

function severalLine(
  label: string,
  { first, total }: Several,
  textOf: (view: IncidentView) => string,
): MessageLine | null {
  if (total === 0) return null;
  const shown = first.slice(0, DIGEST_NAMED_MAX);
  const more = total - shown.length;
  const rest = more <= 0 ? '' : `; and ${numberText(more)} more`;
  return line(label, `${shown.map(textOf).join('; ')}${rest}.`);
}

/** `Acme GmbH BLOCKED for 6 d, 40 numbers (Acme GmbH acts)`. */
function openText(view: IncidentView, { now }: Occasion): string {
  const { incident, numbers, channels } = view;
  const account = accountOf(channels);
  const isOwner = incident.actor === 'account_owner' && account !== null;
  const acts = isOwner ? `${nameText(account)} acts` : ACTS[incident.actor];
  const isEntity = incident.cause.kind === 'entity';
  const whom = isEntity ? shortSubjectText(view) : `incident ${incident.number}`;
  const many = onlyNumber(view) === null ? `, ${numbersText(numbers.affected)}` : '';
  const status = isEntity ? incident.status : 'open';
  const age = `${incident.isBaseline ? 'over ' : ''}${ageText(now - incident.beganAt)}`;
  return `${whom} ${status} for ${age}${many} (${acts})`;
}

const ACTS: Readonly<Record<Actor, string>> = {
  integrator: 'you act',
  account_owner: 'its owner acts',
  provider: 'the provider acts',
  template_author: 'the author of the template acts',
  nobody: 'nobody needs to act',
  unknown: 'who acts is not known',
};

function agedTitle(view: IncidentView, occasion: Occasion): string {
  return incidentTitle('incident.opened', view, { ...occasion, zone: null });
}

function takenText(view: IncidentView, { now }: Occasion): string {
  const { acknowledgement: taken, number } = view.incident;
  const by = taken === null ? '' : ` by ${nameText(taken.by)} ${ageText(now - taken.at)} ago`;
  return `incident ${number} (${shortSubjectText(view)})${by}`;
}

function expiringLine({ expiring }: DigestView): MessageLine | null {
  if (expiring.length === 0) return null;
  const shown = expiring.slice(0, DIGEST_NAMED_MAX);
  const said = shown.map(({ name, endsAt }) => `${nameText(name)} on ${dayOf(endsAt)}`);
  return line('Tokens that end', `${said.join(', ')}${moreText(expiring, shown)}.`);
}

function silencesLine({ silences }: DigestView): MessageLine | null {
  if (silences.length === 0) return null;
  const shown = silences.slice(0, DIGEST_NAMED_MAX);
  const said = shown.map(({ author, reason, endsAt }) => {
    return `${sentenceText(reason)} (${nameText(author)}) on ${dayOf(endsAt)}`;
  });
  return line('Silences that end', `${said.join(', ')}${moreText(silences, shown)}.`);
}

function moreText(all: readonly unknown[], shown: readonly unknown[]): string {
  const more = all.length - shown.length;
  return more <= 0 ? '' : ` and ${numberText(more)} more`;
}

function unwatchedLine({ unwatched: { count, isMore } }: DigestView): MessageLine | null {
  if (count === 0) return null;
  const said = `${isMore ? 'more than ' : ''}${numbersText(count)}`;
  return line('Not watched', `${said} that your tokens can see: waba-health channels unwatched`);
}

function weekLine({ week }: DigestView): MessageLine {
  if (week.opened === 0) return line('This week', 'nothing happened.');
  const many = week.isMore ? 'more than ' : '';
  const longest = week.longestMs === null ? '' : `; the longest took ${ageText(week.longestMs)}`;
  const counted = `${many}${countText(week.opened, 'incident')} began, ${numberText(week.over)} of them over`;
  return line('This week', `${counted}${longest}.`);
}
