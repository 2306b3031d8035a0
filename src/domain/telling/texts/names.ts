/** Names before ids: how numbers, accounts and what is broken are called in a message. */
import { shortInertText } from '#domain/inert-text.ts';
import { numberText } from '#domain/number-text.ts';
import type { IncidentView, NamedNumber } from './incident-view.ts';

/** Longer names are cut: a lock screen shows little more than two of these. */
const NAME_MAX = 60;
/** Longer sentences of others are cut; whoever needs all of it finds it under the incident. */
const SENTENCE_MAX = 240;

/** What stands for a name or sentence in which there is nothing. */
const NOTHING = '–';

/** A name of others, inert and short. */
export function nameText(name: string): string {
  return shortInertText(name, NAME_MAX) || NOTHING;
}

/** A sentence of others, inert and short, without its full stop: it is put into one of ours. */
export function sentenceText(sentence: string): string {
  return shortInertText(sentence, SENTENCE_MAX).replace(/ ?\.$/, '') || NOTHING;
}

/** `1022…0398`: enough to recognise it by. */
export function shortId(id: string): string {
  const text = nameText(id);
  // What is no plain id is foreign text: cut in two, half of a character could be left of it.
  return /^[\w-]{12,}$/.test(text) ? `${text.slice(0, 4)}…${text.slice(-4)}` : text;
}

/** `1 number`, `7,960 numbers`. */
export function numbersText(count: number): string {
  return `${numberText(count)} ${count === 1 ? 'number' : 'numbers'}`;
}

/** `1 cause`, `38 causes`. */
export function countText(count: number, noun: string): string {
  return `${numberText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `+49 30 1234 (orders)`, and with the name that people see where `account` is another. */
export function channelText(channel: NamedNumber, account: string | null): string {
  const { name, displayNumber, verifiedName } = channel;
  const seen = verifiedName === null || verifiedName === account ? [] : [nameText(verifiedName)];
  const known = displayNumber === null ? [] : [nameText(name)];
  const beside = [...known, ...seen];
  const first = nameText(displayNumber ?? name);
  return beside.length === 0 ? first : `${first} (${beside.join(', ')})`;
}

/** The names that people see on these numbers, the commonest first. */
function accountsOf(channels: readonly NamedNumber[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { verifiedName } of channels) {
    if (verifiedName?.trim()) counts.set(verifiedName, (counts.get(verifiedName) ?? 0) + 1);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one).map(([name]) => name);
}

/** The one name of all of them, as received; null where there is none, or more than one. */
export function accountOf(channels: readonly NamedNumber[]): string | null {
  const [only, ...others] = accountsOf(channels);
  return only === undefined || others.length > 0 ? null : only;
}

/** `Acme GmbH`, `Acme GmbH and Umbrella`, `Acme GmbH and others`; null where no name is known. */
export function accountText(channels: readonly NamedNumber[]): string | null {
  const [first, second, ...others] = accountsOf(channels);
  if (first === undefined) return null;
  if (second === undefined) return nameText(first);
  return `${nameText(first)} and ${others.length === 0 ? nameText(second) : 'others'}`;
}

/** The one number that it is about; null when the cause reaches more. */
export function onlyNumber({ numbers, channels }: IncidentView): NamedNumber | null {
  const reach = Math.max(numbers.affected, numbers.ever, numbers.total);
  return reach > 1 ? null : (channels[0] ?? null);
}

/** Maps, not objects: a type that is called `toString` must not find anything. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['PHONE_NUMBER', 'phone number'],
  ['WABA', 'WABA'],
  ['BUSINESS', 'business portfolio'],
  ['APP', 'app'],
  ['MESSAGE_TEMPLATE', 'message template'],
  ['FLOW', 'flow'],
]);

/** What the `ref` of a warning is, where it is something of Meta's: its type is the field that warns. */
const WARNED_TYPES: ReadonlyMap<string, string> = new Map([['messaging_limit', 'BUSINESS']]);

/** `WABA 1022…0398`, `app shop (2048…7777)`; null where it has no type, as a credential. */
export function entityText({ incident: { cause }, name }: IncidentView): string | null {
  const typed = cause.kind === 'warning' ? WARNED_TYPES.get(cause.type ?? '') : cause.type;
  if (typed === null || typed === undefined) return null;
  const type = TYPES.get(typed) ?? nameText(typed);
  const id = cause.ref === null ? null : shortId(cause.ref);
  if (name !== null) return `${type} ${nameText(name)}${id === null ? '' : ` (${id})`}`;
  return id === null ? type : `${type} ${id}`;
}

/**
 * Whom it hits: `Acme GmbH, WABA 1022…0398, 40 of its 40 numbers`. One number is called by its name, and
 * nobody is told that it is 1 of 1.
 */
export function subjectText(view: IncidentView): string {
  return partsText([accountText(view.channels), ...placeParts(view), reachText(view)]);
}

/** The same without how many: `Acme GmbH`; of an account without a name the entity. */
export function shortSubjectText(view: IncidentView): string {
  const only = onlyNumber(view);
  if (only !== null) return subjectText(view);
  return accountText(view.channels) ?? entityText(view) ?? 'The account';
}

/** Parts of a phrase, those that are there. */
export function partsText(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(', ');
}

function placeParts(view: IncidentView): readonly (string | null)[] {
  const only = onlyNumber(view);
  if (only === null) return [entityText(view)];
  return [channelText(only, only.verifiedName)];
}

function reachText(view: IncidentView): string | null {
  if (onlyNumber(view) !== null) return null;
  const { affected, ever, total } = view.numbers;
  const count = affected === 0 ? ever : affected;
  const [first] = view.channels;
  if (view.labels === null && count === 1 && total > 1 && first !== undefined) {
    return `of its ${numbersText(total)} only ${channelText(first, first.verifiedName)}`;
  }
  if (view.labels !== null || total < count) return numbersText(count);
  return `${numberText(count)} of its ${numbersText(total)}`;
}
