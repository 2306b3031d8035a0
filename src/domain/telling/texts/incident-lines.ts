/** The lines that texts about incidents share: who acts, how sure, what is fine, what comes next. */
import { ACTOR_WORDS } from '#domain/actor.ts';
import { ageText } from '#domain/moment-text.ts';
import { numberText } from '#domain/number-text.ts';
import type { MessageLine } from '#domain/telling/message.ts';
import type { IncidentView, Occasion } from './incident-view.ts';
import {
  accountOf,
  channelText,
  countText,
  entityText,
  nameText,
  numbersText,
  onlyNumber,
  sentenceText,
} from './names.ts';
import { utcMoment, zonedMoment } from './zoned-moment.ts';

/** Few enough for one look. */
const LINES_MAX = 12;
/** Numbers that are named one by one. */
const NAMED_MAX = 3;
/** Codes beside the first one that are named. */
const CODES_MAX = 3;

/** A line without a link. */
export function line(label: string | null, text: string): MessageLine {
  return { label, text, link: null };
}

/** Whose turn it is, and whether that is anybody who was woken. */
export function whoLine({ incident, channels }: IncidentView): MessageLine {
  const { actor, upstream } = incident;
  const account = accountOf(channels);
  if (actor === 'account_owner') {
    const owner = account === null ? ACTOR_WORDS[actor] : `${nameText(account)} (account owner)`;
    return line('Who', `${owner}; nothing for on-call to repair.`);
  }
  if (actor === 'template_author') {
    return line('Who', `${ACTOR_WORDS[actor]}; nothing for on-call to repair.`);
  }
  if (actor === 'provider') {
    const provider = upstream === 'dialog360' ? '360dialog, the provider' : ACTOR_WORDS[actor];
    return line('Who', `${provider}; on-call can only ask them.`);
  }
  const words = actor === 'unknown' ? 'not known; look at it first' : ACTOR_WORDS[actor];
  return line('Who', `${words}.`);
}

/** The reason with its code, and where it was found unless the title tells. */
export function whyLine(view: IncidentView): MessageLine | null {
  const { incident, explanation } = view;
  const [first, ...others] = incident.codes;
  const reason = explanation?.reason ?? incident.detail;
  if (first === undefined && reason === null) return null;
  const where = onlyNumber(view) === null || incident.cause.type === 'PHONE_NUMBER';
  const entity = where ? null : entityText(view);
  const code =
    first === undefined || !isCode(first) || reason?.includes(first) ? null : nameText(first);
  const beside = [code, entity === null ? null : `on ${entity}`].filter((part) => part !== null);
  const source = beside.length === 0 ? '' : ` (${beside.join(' ')})`;
  const codes = others.filter(isCode);
  const shown = codes.slice(0, CODES_MAX).map(nameText);
  const more = codes.length > shown.length ? ' and more' : '';
  const also = shown.length === 0 ? '' : ` Also ${shown.join(', ')}${more}.`;
  const said = reason === null ? 'not said' : saidText(reason, explanation?.known ?? true);
  return line('Why', `${said}${source}.${also}`);
}

/** Meta's own codes can be looked up; our names for its sentences tell nobody anything. */
function isCode(code: string): boolean {
  return /^\d/.test(code);
}

function saidText(reason: string, isKnown: boolean): string {
  const text = sentenceText(reason);
  return isKnown ? text : `a code that is new to us; Meta says: ${text}`;
}

/** What the catalogue advises; null without an entry. */
export function remedyLine({ explanation }: IncidentView): MessageLine | null {
  if (explanation === null) return null;
  const { text, link } = explanation.remedy;
  return { label: 'Do', text: `${sentenceText(text)}.`, link };
}

/** The first few numbers by name; null where the title names the only one. */
export function namedLine(view: IncidentView): MessageLine | null {
  const { channels, numbers } = view;
  if (channels.length === 0 || onlyNumber(view) !== null) return null;
  const account = accountOf(channels);
  const shown = channels.slice(0, NAMED_MAX).map((channel) => channelText(channel, account));
  const count = numbers.affected === 0 ? numbers.ever : numbers.affected;
  const more = Math.max(count, channels.length) - shown.length;
  if (numbers.affected === 1 && numbers.total > 1) return null;
  if (more <= 0) return line('Numbers', `${shown.join(', ')}.`);
  return line('Numbers', `${shown.join(', ')} and ${numberText(more)} more.`);
}

/** On what it rests, and when it was last fine. */
export function sureLine(
  { incident, signals }: IncidentView,
  { now }: Occasion,
): MessageLine | null {
  const { reads, spanMs, channels, byWebhook } = incident.confirmation;
  const over = spanMs === 0 ? '' : ` over ${spanText(spanMs)}`;
  const through = channels === 0 ? '' : ` through ${numbersText(channels)}`;
  const named = signals.map(sentenceText).join(' and ') || (byWebhook ? "Meta's webhook" : '');
  const parts = [
    reads === 0 ? '' : `${countText(reads, 'read')}${over}${through}.`,
    named === '' ? '' : `Named by ${named} too.`,
    incident.lastGoodAt === null ? '' : `Last good ${utcMoment(incident.lastGoodAt, now)}.`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : line('Sure', parts.join(' '));
}

/** `62 s`: seconds matter while they say how far apart two reads were. */
function spanText(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1_000)} s` : ageText(ms);
}

/** That what it tells is what was last seen, while nobody can look. */
export function unseenLine({ incident }: IncidentView, occasion: Occasion): MessageLine | null {
  const { unseenSince, status } = incident;
  if (unseenSince === null || status === 'UNKNOWN') return null;
  return line('Seen', `not since ${zonedMoment(unseenSince, occasion)}: so it was then.`);
}

/** How long it took others. */
export function earlierLine({ earlier }: IncidentView): MessageLine | null {
  if (earlier === null || earlier.cases === 0) return null;
  const from = ageText(earlier.fromMs);
  const to = ageText(earlier.toMs);
  const [number = '', unit] = from.split(' ');
  const isShort =
    from.split(' ').length === 2 && to.split(' ').length === 2 && to.endsWith(` ${unit}`);
  const range = from === to ? to : isShort ? `${number}–${to}` : `${from} to ${to}`;
  return line(
    'Earlier',
    `good again ${range} after somebody was at it, ${countText(earlier.cases, 'case')}.`,
  );
}

/** How much is fine. */
export function elsewhereLine({ elsewhere }: IncidentView): MessageLine | null {
  if (elsewhere === null || (elsewhere.numbers <= 0 && elsewhere.incidents <= 0)) return null;
  const { numbers, incidents } = elsewhere;
  const open = incidents <= 0 ? '' : `; ${countText(incidents, 'other incident')} open`;
  // Beside other incidents "unaffected" alone would say that those numbers are well.
  const fine = incidents <= 0 ? 'unaffected' : 'unaffected by this';
  return line('Elsewhere', `${numbersText(Math.max(numbers, 0))} ${fine}${open}.`);
}

/** What is left to do elsewhere, once this is over. */
export function stillOpenLine({ elsewhere }: IncidentView): MessageLine | null {
  if (elsewhere === null || elsewhere.incidents <= 0) return null;
  return line('Still open', `${countText(elsewhere.incidents, 'other incident')}.`);
}

/** Whom the count leaves out. */
export function onlyLine({ labels }: IncidentView): MessageLine | null {
  const pairs = Object.entries(labels ?? {});
  if (pairs.length === 0) return null;
  const said = pairs
    .slice(0, CODES_MAX)
    .map(([key, value]) => `${nameText(key)}=${nameText(value)}`);
  return line('Counted', `only numbers with ${said.join(', ')}.`);
}

/** When the reader hears again. */
export function nextLine({ incident, remindAt }: IncidentView, occasion: Occasion): MessageLine {
  const { acknowledgement: taken } = incident;
  if (taken !== null) {
    const note = taken.note === null ? '' : `: ${sentenceText(taken.note)}`;
    const at = zonedMoment(taken.at, occasion);
    return line('Next', `on change. ${nameText(taken.by)} is at it since ${at}${note}.`);
  }
  const later = remindAt === null ? '' : `, else ${zonedMoment(remindAt, occasion)}`;
  return line('Next', `on change${later}.`);
}

/** Where to read on, unless the message has a page: that is put below it by whoever shows it. */
export function placeLine({ incident, place }: IncidentView): MessageLine | null {
  if (place.url !== null) return null;
  return line(`Incident ${incident.number}`, place.command);
}

/** What was last known of numbers that cannot be seen. */
export function lastKnownLine({ lastKnown }: IncidentView): MessageLine | null {
  if (lastKnown === null) return null;
  const { AVAILABLE, LIMITED, BLOCKED, UNKNOWN } = lastKnown;
  const counts = [
    [AVAILABLE, 'available'],
    [LIMITED, 'limited'],
    [BLOCKED, 'blocked'],
    [UNKNOWN, 'not known'],
  ] as const;
  const said = counts.filter(([count]) => count > 0);
  const [only] = said;
  if (only === undefined) return null;
  if (said.length === 1 && only[0] === 1) return line('Last known', `${only[1]}.`);
  return line(
    'Last known',
    `${said.map(([count, word]) => `${numberText(count)} ${word}`).join(', ')}.`,
  );
}

/** Those that are there, at most 12: what is cut is cut before the last, which says where to read on. */
export function fewLines(lines: readonly (MessageLine | null)[]): readonly MessageLine[] {
  const there = lines.filter((one) => one !== null);
  return there.length <= LINES_MAX ? there : [...there.slice(0, LINES_MAX - 1), ...there.slice(-1)];
}
