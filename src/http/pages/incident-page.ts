/** The page of one incident, for whoever was woken by its message: what, whom, what to do, and two buttons. */
import type { ExplainedFinding } from '#domain/explanation.ts';
import type { CauseKind } from '#domain/incidents/cause.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import { momentText } from '#domain/moment-text.ts';
import { numberText } from '#domain/number-text.ts';
import type { Message, MessageLine } from '#domain/telling/message.ts';
import { numbersText } from '#domain/telling/texts/names.ts';
import type { IncidentFacts } from '#monitor/incidents/incident-facts.ts';
import type { LinkTicket } from '#monitor/telling/incident-link.ts';
import type { NamedChannel } from '#ports/store.ts';
import type { Html } from './html.ts';
import { fitting, html } from './html.ts';
import { channelTitle } from './channel-title.ts';
import { timelineItems } from './incident-timeline.ts';

/** The most that the growing parts take of the page, which has 30 kB together. */
const BYTES_MAX = { findings: 6_000, members: 6_000, timeline: 8_000 } as const;

/** The longest that a person can enter, in UTF-16 units. */
export const NAME_MAX = 60;
export const NOTE_MAX = 300;

/** What a person entered, or what is wrong with it. */
export interface Entered {
  readonly name: string;
  readonly note: string;
  /** A sentence; null when nothing is. */
  readonly wrong: string | null;
}

export const NOTHING_ENTERED: Entered = { name: '', note: '', wrong: null };

export interface IncidentPage {
  readonly facts: IncidentFacts;
  /** What its message would say now. */
  readonly message: Message;
  readonly now: number;
  readonly ticket: LinkTicket;
  readonly entered: Entered;
  /** What an operator types to see all of it. */
  readonly command: string;
}

export function incidentPage(page: IncidentPage): { readonly title: string; readonly body: Html } {
  const { facts, message, now, command } = page;
  const { incident } = facts;
  const { title } = message;
  const body = html`<p class="top">
      Incident ${incident.number} · as of ${momentText(now, { seconds: true })}
    </p>
    <p>${stateTag(incident)}</p>
    <h1>${title}</h1>
    <dl>${linesNotBelow(page).map(lineItem)}</dl>
    ${handledBy(incident, now)} ${findingsPart(facts.findings)}
    ${incident.resolvedAt === null ? actionsPart(page) : null} ${membersPart(facts, command)}
    ${timelinePart(facts, command)}`;
  return { title: `Incident ${incident.number}: ${title}`, body };
}

/** Where the trouble is that nothing is seen. */
const BLIND: ReadonlySet<CauseKind> = new Set(['credential', 'unreadable', 'upstream', 'server']);

function stateTag({ resolvedAt, resolution, status, cause }: Incident): Html {
  if (resolvedAt !== null) {
    return resolution === 'recovered'
      ? html`<span class="tag good">RECOVERED</span>`
      : html`<span class="tag warn"
          >${resolution === 'gone' ? 'NO LONGER WATCHED' : 'CLOSED BY HAND'}</span
        >`;
  }
  if (status === 'BLOCKED') return html`<span class="tag bad">BLOCKED</span>`;
  if (status === 'LIMITED') return html`<span class="tag warn">LIMITED</span>`;
  return html`<span class="tag warn">${BLIND.has(cause.kind) ? 'CANNOT SEE' : 'WARNING'}</span>`;
}

/** Without what the parts below say in full. */
function linesNotBelow({ facts, message }: IncidentPage): readonly MessageLine[] {
  const below = [
    ...(facts.findings.length > 0 ? ['Why', 'Do'] : []),
    ...(facts.members.length > 0 ? ['Numbers'] : []),
    `Incident ${facts.incident.number}`,
  ];
  return message.lines.filter(({ label }) => label === null || !below.includes(label));
}

function lineItem({ label, text, link }: MessageLine): Html {
  return html`${label === null ? null : html`<dt>${label}</dt>`}
    <dd>${text}${link === null ? null : linkTo(link, link)}</dd>`;
}

/** Only to where nobody can listen; anything else is shown as text. */
function linkTo(address: string, text: string): Html {
  if (!address.startsWith('https://') || address.length > 300) return html`${text}`;
  return html` <a href="${address}" rel="noreferrer noopener">${text}</a>`;
}

function handledBy(
  { acknowledgement, watchUntil, resolvedAt }: Incident,
  now: number,
): Html | null {
  if (acknowledgement === null) return null;
  const { at, by, note } = acknowledgement;
  const isWatched = watchUntil !== null && now < watchUntil && resolvedAt === null;
  return html`<div class="card">
    <p><b>${by}</b> is at it since ${momentText(at)}.</p>
    ${note === null ? null : html`<p>${note}</p>`}${
      isWatched ? html`<p>Watched closely until ${momentText(watchUntil)}.</p>` : null
    }
  </div>`;
}

function findingsPart(findings: readonly ExplainedFinding[]): Html | null {
  if (findings.length === 0) return null;
  const { shown, left } = fitting(findings.map(findingItem), BYTES_MAX.findings);
  return html`<h2>Why, and what to do</h2>
    <ul>
      ${shown}
    </ul>
    ${more(left, 'finding')}`;
}

function findingItem({ code, text, explanation }: ExplainedFinding): Html {
  const { meaning, remedy, known } = explanation;
  const own = text === null || !known ? null : html`<p class="soft">Meta says: ${text}</p>`;
  return html`<li>
    <p><b>${code}</b> ${meaning}</p>
    ${own}
    <p>
      <b>Do:</b> ${remedy.text}${
        remedy.link === null ? null : linkTo(remedy.link, 'Open the page for it')
      }
    </p>
  </li>`;
}

/** Only where there are numbers to read. */
const WATCHING = html`<button name="do" value="watch">Acknowledge and watch closely</button>
  <p class="soft">Reminders end. Watched closely, it is read every 15 s for half an hour.</p>`;

/** The ticket lies in the form: who can send it has the link, and no other site can know it. */
function actionsPart({ facts, ticket, entered }: IncidentPage): Html {
  const { acknowledgement, id } = facts.incident;
  const isTaken = acknowledgement !== null;
  return html`<form class="card" method="post" action="${id}">
    <h2>${isTaken ? 'Take it over' : 'Say that you are at it'}</h2>
    ${entered.wrong === null ? null : html`<p class="bad" role="alert"><b>${entered.wrong}</b></p>`}
    <input type="hidden" name="e" value="${ticket.until}" />
    <input type="hidden" name="s" value="${ticket.signature}" />
    <label for="by">Your name</label>
    <input
      id="by"
      name="by"
      value="${entered.name}"
      maxlength="${NAME_MAX}"
      autocomplete="name"
      required
    />
    <label for="note">Note (if you like)</label>
    <textarea id="note" name="note" rows="2" maxlength="${NOTE_MAX}">${entered.note}</textarea>
    <button class="main" name="do" value="acknowledge">Acknowledge</button>
    ${facts.counts.ever === 0 ? html`<p class="soft">Reminders end.</p>` : WATCHING}
  </form>`;
}

function membersPart({ members, counts, incident }: IncidentFacts, command: string): Html | null {
  const count = incident.resolvedAt === null ? counts.affected : counts.ever;
  if (members.length === 0) return null;
  const { shown, left } = fitting(members.map(memberItem), BYTES_MAX.members);
  const missing = Math.max(0, count - members.length) + left;
  return html`<h2>${numbersText(count)}</h2>
    <ul>
      ${shown}
    </ul>
    ${
      missing === 0
        ? null
        : html`<p class="soft">And ${numberText(missing)} more: <code>${command}</code></p>`
    }`;
}

function memberItem(channel: NamedChannel): Html {
  const title = channelTitle(channel);
  return html`<li>
    ${title}${title === channel.name ? null : html` <span class="soft">${channel.name}</span>`}
  </li>`;
}

function timelinePart(facts: IncidentFacts, command: string): Html {
  const { shown, left } = fitting(timelineItems(facts), BYTES_MAX.timeline);
  const later = facts.hasMoreEvents
    ? html`<p class="soft">What came later is too long for this page: <code>${command}</code></p>`
    : null;
  return html`<h2>What happened</h2>
    ${later}
    <ol>
      ${shown}
    </ol>
    ${more(left, 'earlier entry')}`;
}

function more(left: number, what: string): Html | null {
  const words = left === 1 ? what : what.replace(/y$/, 'ie').concat('s');
  return left === 0 ? null : html`<p class="soft">And ${numberText(left)} ${words}.</p>`;
}
