/** What happened to an incident, newest first; numbers that came or went together are one line. */
import type { IncidentEvent, IncidentEventKind } from '#domain/incidents/incident.ts';
import { momentText } from '#domain/moment-text.ts';
import { numberText } from '#domain/number-text.ts';
import type { IncidentFacts } from '#monitor/incidents/incident-facts.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { channelTitle } from './channel-title.ts';

const WORDS: Readonly<Record<IncidentEventKind, string>> = {
  opened: 'Opened',
  joined: 'Joined',
  left: 'Left',
  worse: 'Became worse',
  unseen: 'Out of sight',
  seen: 'Seen again',
  inhibited: 'Told by a larger incident',
  released: 'Told on its own again',
  flapping: 'Comes and goes',
  acknowledged: 'Acknowledged',
  watched: 'Watched closely',
  signal: 'Signal',
  resolved: 'Closed',
};

/** One item each, newest first. */
export function timelineItems({ events, names }: IncidentFacts): readonly Html[] {
  return runsOf(events.toReversed()).map((run) => {
    const [{ at, kind, by, channelId }] = run;
    const channel = channelId === null ? undefined : names.get(channelId);
    const others = run.length > 1 ? ` and ${numberText(run.length - 1)} more` : '';
    const subject = channel === undefined ? '' : `: ${channelTitle(channel)}${others}`;
    return html`<li>
      <span class="soft">${momentText(at, { seconds: true })}</span><br />${WORDS[kind]}${
        by === null ? null : html` by <b>${by}</b>`
      }${subject}${detailOf(run)}
    </li>`;
  });
}

type Run = readonly [IncidentEvent, ...IncidentEvent[]];

/** Of numbers that left, `recovered`; of a person, the note. */
function detailOf([{ detail, kind }]: Run): Html | null {
  if (detail === null || detail === '') return null;
  return kind === 'left' ? html` (${detail})` : html`<br />${detail}`;
}

/** Neighbours of a kind that only differ in the number that they are about. */
function runsOf(events: readonly IncidentEvent[]): readonly Run[] {
  const runs: [IncidentEvent, ...IncidentEvent[]][] = [];
  for (const event of events) {
    const run = runs.at(-1);
    if (run !== undefined && isAlike(run[0], event)) run.push(event);
    else runs.push([event]);
  }
  return runs;
}

function isAlike(one: IncidentEvent, other: IncidentEvent): boolean {
  if (one.kind !== other.kind || (one.kind !== 'joined' && one.kind !== 'left')) return false;
  return one.detail === other.detail && one.channelId !== null && other.channelId !== null;
}
