/** What is lost: a number, WABA, business or app that Meta limits or blocks; many at once; sends that fail. */
import { countText, numbersText, onlyNumber, shortSubjectText, subjectText } from './names.ts';
import { numberText } from '#domain/number-text.ts';
import { LINKS } from '#domain/catalogue-entry.ts';
import type { LeftReason } from '#domain/incidents/incident.ts';
import { effectsText } from './effects-text.ts';
import { line, remedyLine, whoLine, whyLine } from './incident-lines.ts';
import type { IncidentView } from './incident-view.ts';
import type { Trouble, Troubles } from './trouble.ts';
import { statusPageOf, upstreamName } from './upstream-words.ts';

/** Meta says so of an entity. */
function entityTrouble(view: IncidentView): Trouble {
  const { incident, explanation } = view;
  const calls = incident.capability === 'calling' ? 'CALLS ' : '';
  return {
    head: `${calls}${incident.status}`,
    tail: subjectText(view),
    hasBegun: true,
    over: { word: 'RECOVERED', text: recoveredText(view) },
    lines: [
      line('What', effectsText(incident, explanation)),
      whyLine(view),
      whoLine(view),
      remedyLine(view) ?? {
        label: 'Do',
        text: 'Read what Meta says of it.',
        link: LINKS.healthStatus,
      },
    ],
  };
}

/** So many causes at once that they are told as one. */
function fleetTrouble(view: IncidentView): Trouble {
  const { causes, incident, numbers } = view;
  const upstream = upstreamName(incident.upstream);
  const hit = numbersText(Math.max(numbers.affected, numbers.ever));
  const many = causes === 0 ? 'many causes' : countText(causes, 'cause');
  return {
    head: `${many.toUpperCase()} AT ONCE`,
    tail: `${hit} at ${upstream} limited or blocked`,
    hasBegun: true,
    over: { word: 'OVER', text: `${many} at once at ${upstream}, ${hit}` },
    lines: [
      line('What', 'The numbers may really be blocked; keep what could not be sent.'),
      line(
        'Why',
        `so many at once are rarely so many accounts: look for one cause at ${upstream}.`,
      ),
      whoLine(view),
      {
        label: 'Do',
        text: `Look at the status page of ${upstream}. What outlives this by 30 min is told singly.`,
        link: statusPageOf(incident.upstream),
      },
    ],
  };
}

/** Senders report errors that the status does not show. */
function sendsTrouble(view: IncidentView): Trouble {
  const subject = subjectText(view);
  return {
    head: 'SENDS FAIL although Meta reports AVAILABLE,',
    tail: subject,
    hasBegun: true,
    over: { word: 'OVER', text: `${subject}: no more failed sends are reported` },
    lines: [
      line('What', 'Your senders report errors that the health status does not show.'),
      whyLine(view),
      whoLine(view),
      remedyLine(view) ??
        line('Do', "Look the code up in Meta's list of errors, and at your last change."),
    ],
  };
}

export const LOSSES: Pick<Troubles, 'entity' | 'fleet' | 'sends'> = {
  entity: entityTrouble,
  fleet: fleetTrouble,
  sends: sendsTrouble,
};

/** `Acme GmbH can send again, 40 of 40`; who did not recover is named with the reason. */
function recoveredText(view: IncidentView): string {
  const { incident, numbers, left } = view;
  const can =
    incident.capability === 'calling' ? 'can take calls again' : CAN_AGAIN[incident.status];
  const subject = shortSubjectText(view);
  const held = heldText(view);
  if (onlyNumber(view) !== null) return held === '' ? `${subject} ${can}` : `${subject}${held}`;
  const said = `${subject} ${can}`;
  if (left === null)
    return `${said}, all of its ${numbersText(numbers.ever)} that are still watched${held}`;
  const rest = leftText(left);
  const recovered = `${numberText(left.recovered ?? 0)} of ${numberText(numbers.ever)}`;
  return `${said}, ${recovered}${rest === '' ? '' : ` (${rest})`}${held}`;
}

/** Good news about one cause is none for a number that another one still keeps. */
function heldText({ stillHeld, channels, numbers }: IncidentView): string {
  if (stillHeld === 0) return '';
  if (numbers.ever === 1) return ', but another incident still keeps it BLOCKED';
  const count = `${numberText(stillHeld)}${numbers.ever > channels.length ? ' or more' : ''}`;
  return `, but for ${count} that another incident keeps BLOCKED`;
}

const CAN_AGAIN: Readonly<Record<IncidentView['incident']['status'], string>> = {
  BLOCKED: 'can send again',
  LIMITED: 'can send freely again',
  UNKNOWN: 'can be seen again',
  AVAILABLE: 'can send again',
};

const LEFT_WORDS: readonly (readonly [Exclude<LeftReason, 'recovered'>, string])[] = [
  ['retired', 'retired'],
  ['removed', 'removed'],
  ['paused', 'paused'],
  ['moved', 'moved to another account'],
  ['manual', 'closed by hand'],
];

/** `2 retired, 1 paused`: who left for another reason than that it is good again. */
export function leftText(left: IncidentView['left']): string {
  return LEFT_WORDS.flatMap(([reason, words]) => {
    const count = left?.[reason] ?? 0;
    return count === 0 ? [] : [`${numberText(count)} ${words}`];
  }).join(', ');
}
