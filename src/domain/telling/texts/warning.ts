/** Trouble to come, told early; and a receiver of ours that takes nothing, told by another way. */
import { LINKS } from '#domain/catalogue-entry.ts';
import type { WarningField } from '#domain/incidents/warnings.ts';
import type { MessageLine } from '#domain/telling/message.ts';
import { line, whoLine } from './incident-lines.ts';
import type { IncidentView } from './incident-view.ts';
import { nameText, numbersText, sentenceText, subjectText } from './names.ts';
import type { Trouble, Troubles } from './trouble.ts';

/** The `type` of a warning's cause: a field of the profile, or a finding about a credential. */
type WarningType = WarningField | 'credential_expiring' | 'scope_missing';

type Words = Omit<Trouble, 'over' | 'lines'> & {
  readonly what: string;
  readonly advice: MessageLine | null;
};

const WARNINGS: Readonly<Record<WarningType, (view: IncidentView) => Words>> = {
  quality: (view) => ({
    head: `QUALITY ${codeOf(view)}`,
    tail: subjectText(view),
    hasBegun: true,
    what:
      'Sending works. People block or report its messages; if that goes on, Meta lowers the limit ' +
      'or stops new conversations.',
    advice: {
      label: 'Do',
      text: 'See which templates people block, and send those to fewer.',
      link: LINKS.templates,
    },
  }),
  status: (view) => ({
    head: codeOf(view),
    tail: subjectText(view),
    hasBegun: true,
    what:
      STATUS_WORDS.get(codeOf(view)) ??
      'Meta gives the number this status; what follows is not known.',
    advice: {
      label: 'Do',
      text: 'Read what Meta holds against the account.',
      link: LINKS.accountQuality,
    },
  }),
  messaging_limit: (view) => ({
    head: 'LOWER MESSAGING LIMIT',
    tail: subjectText(view),
    hasBegun: true,
    what:
      `Sending works. New conversations are limited to ${tierText(codeOf(view))}, ` +
      'for all numbers of the business portfolio together.',
    advice: line('Do', 'Spread what begins new conversations over the days.'),
  }),
  credential_expiring: ({ name, numbers }) => ({
    head: `THE TOKEN ${nameText(name ?? 'of a credential')} ENDS SOON`,
    tail: `${numbersText(numbers.affected || numbers.total)} cannot be seen without it`,
    hasBegun: false,
    what: 'All is well until then. Afterwards whoever sends with the same token fails too.',
    advice: line('Do', `waba-health credentials rotate ${nameText(name ?? '<name>')} < token`),
  }),
  scope_missing: ({ name, numbers }) => ({
    head: `THE TOKEN ${nameText(name ?? 'of a credential')} LACKS A PERMISSION`,
    tail: `${numbersText(numbers.affected || numbers.total)} are read with it`,
    hasBegun: true,
    what: 'Reading health may fail with it. Sending may be fine.',
    advice: line('Do', `waba-health credentials rotate ${nameText(name ?? '<name>')} < token`),
  }),
  webhook: (view) => ({
    head: codeOf(view) === 'CHANGED' ? 'WEBHOOK SETTING CHANGED' : 'WEBHOOK SETTING LOST',
    tail: subjectText(view),
    hasBegun: true,
    what: 'Sending works. Incoming messages and delivery reports may no longer reach your server.',
    advice: line('Do', 'Set the webhook URL of the number at 360dialog again.'),
  }),
};

const STATUS_WORDS: ReadonlyMap<string, string> = new Map([
  ['FLAGGED', 'Sending works. Its quality is low; if that does not change, Meta lowers the limit.'],
  [
    'RESTRICTED',
    'Meta restricts the number: new conversations may be refused; replies usually go out.',
  ],
  ['BANNED', 'Meta says that the number is banned: expect that nothing can be sent.'],
]);

/** The word that stands there now: the code is `GREEN>RED`, from what to what. */
function codeOf({ incident: { codes } }: IncidentView): string {
  const [code = ''] = codes;
  return nameText(code.slice(code.indexOf('>') + 1)).toUpperCase();
}

/** `2,000 people in 24 h` of `TIER_2K`. */
function tierText(tier: string): string {
  const [, digits, thousands] = /^TIER_(\d+)(K?)$/.exec(tier) ?? [];
  if (digits === undefined) return tier === '' ? 'fewer people' : tier;
  const people = Number(digits) * (thousands === 'K' ? 1_000 : 1);
  return `${numbersText(people).replace(/ numbers?$/, '')} people in 24 h`;
}

function warningTrouble(view: IncidentView): Trouble {
  const { type } = view.incident.cause;
  const words = (wordsFor(type) ?? otherWords)(view);
  const { what, advice, ...rest } = words;
  const { detail } = view.incident;
  const again = words.hasBegun ? words.tail : null;
  return {
    ...rest,
    over: { word: 'OVER', text: [words.head, again].filter((part) => part !== null).join(': ') },
    lines: [
      line('What', what),
      detail === null ? null : line('Why', `${sentenceText(detail)}.`),
      whoLine(view),
      advice,
    ],
  };
}

function wordsFor(type: string | null): ((view: IncidentView) => Words) | undefined {
  return new Map<string | null, (view: IncidentView) => Words>(Object.entries(WARNINGS)).get(type);
}

function otherWords(view: IncidentView): Words {
  return {
    head: `WARNING ${nameText(view.incident.cause.type ?? '')}`.trim(),
    tail: subjectText(view),
    hasBegun: true,
    what: 'Sending works; trouble may come.',
    advice: null,
  };
}

function receiverTrouble({ incident, name }: IncidentView): Trouble {
  const receiver = nameText(name ?? 'of ours');
  return {
    head: `RECEIVER ${receiver} TAKES NO MESSAGES`,
    tail: null,
    hasBegun: true,
    over: { word: 'OVER', text: `the receiver ${receiver} takes messages again` },
    lines: [
      line('What', 'Whoever reads there hears of nothing. Nothing is lost: it is kept for later.'),
      incident.detail === null ? null : line('Why', `${sentenceText(incident.detail)}.`),
      line('Do', `Mend it, then try: waba-health receivers test ${receiver}`),
    ],
  };
}

export const WARNED: Pick<Troubles, 'warning' | 'receiver'> = {
  warning: warningTrouble,
  receiver: receiverTrouble,
};
