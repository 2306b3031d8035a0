/**
 * Whether a receiver is told of what happened to an incident, with the reason as a sentence: why it was told at
 * night, or why it was not, can be read later.
 */
import type { SilenceId } from '#domain/id.ts';
import type { Delivery, DeliveryKind } from './delivery.ts';
import { defaultRule } from './default-rule.ts';
import type { TellingFacts } from './match.ts';
import { matchOf } from './match.ts';
import type { Receiver } from './receiver.ts';
import type { Rule } from './rule.ts';
import type { Silence } from './silence.ts';

/** What is decided about: one event of one incident, for one receiver. */
export interface Question {
  readonly facts: TellingFacts;
  readonly kind: DeliveryKind;
  readonly receiver: Receiver;
  /** All of them, in the order of names: of those that match the first counts. */
  readonly rules: readonly Rule[];
  /** Those in force. */
  readonly silences: readonly Silence[];
  /** Everything about this incident for this receiver so far, oldest first. */
  readonly before: readonly Delivery[];
}

export type Decision =
  | {
      readonly isTold: true;
      /** A sentence. */
      readonly reason: string;
      /** The rule's name, or `default`. */
      readonly rule: string;
      readonly labels: Readonly<Record<string, string>> | null;
      readonly groupMs: number;
    }
  | {
      readonly isTold: false;
      readonly reason: string;
      /** The silence that keeps it from being told. */
      readonly silenceId: SilenceId | null;
    };

/** Carried by channels of which nobody is told. */
const TEST_LABEL = 'test';

/** Codes of what is LIMITED for everybody for weeks and hurts few (docs/meta.md §2.2). */
const QUIET_CODES: ReadonlySet<string> = new Set([
  '141010',
  'display_name_not_approved',
  'display_name_rejected',
]);

/** Whether it heard, or is still to hear, that there is such an incident. */
export function isHeard(before: readonly Delivery[]): boolean {
  return before.some(
    ({ state, kind }) =>
      kind !== 'resolved' && (state === 'pending' || state === 'delivered' || state === 'merged'),
  );
}

/** Pure: nothing is planned by asking. */
export function decide(question: Question): Decision {
  const { facts, kind, before } = question;
  if (kind === 'resolved') return endDecision(before);
  const quiet = quietReason(facts) ?? saidReason(question);
  if (quiet !== null) return withheld(quiet);
  const ruled = ruledDecision(question);
  if (!ruled.isTold) return ruled;
  const silence = question.silences.find(({ match }) => matchOf(match, facts) !== null);
  if (silence !== undefined) return silenced(silence);
  return ruled;
}

/** The end is told to whoever heard of the beginning, in a silence too: else it would stay open there. */
function endDecision(before: readonly Delivery[]): Decision {
  const heard = before.find((one) => isHeard([one]));
  const dead = before.find(({ kind, state }) => kind !== 'resolved' && state === 'dead');
  const last = heard ?? dead;
  if (last === undefined) return withheld('It heard nothing of the beginning.');
  return {
    isTold: true,
    reason: heard ? 'It heard of the beginning.' : 'The beginning did not reach it.',
    rule: last.rule ?? 'default',
    labels: last.labels,
    groupMs: 0,
  };
}

/**
 * Whether the summary of what was so before numbers were watched names this incident to a receiver: what
 * hurts, where it is notified or a rule asks for it.
 */
export function isInBaseline(
  question: Pick<Question, 'facts' | 'receiver' | 'rules' | 'silences'>,
): boolean {
  const { facts, receiver, silences } = question;
  const { capability } = facts.incident;
  if (capability === 'calling' || testReason(facts) !== null || isQuiet(facts)) return false;
  if (silences.some(({ match }) => matchOf(match, facts) !== null)) return false;
  const { rule } = { rule: null, ...ruledDecision(question) };
  return rule !== null && (rule !== 'default' || receiver.urgency === 'notify');
}

/** Why nobody is told of it. */
function quietReason(facts: TellingFacts): string | null {
  const { cause, capability, status, isBaseline, inhibitedBy } = facts.incident;
  const test = testReason(facts);
  if (test !== null) return test;
  if (isBaseline) {
    return capability === 'calling'
      ? 'Calling did not work on these numbers within 30 days, so nothing was lost.'
      : 'It was so before these numbers were watched; one summary tells of all such.';
  }
  if (inhibitedBy !== null) return 'An incident about many causes at once tells of it.';
  if (cause.kind !== 'entity' || status !== 'LIMITED') return null;
  if (isQuiet(facts)) return 'LIMITED by its display name or by 141010 is told nobody.';
  return facts.channels.some(({ replaced }) => replaced === 'AVAILABLE')
    ? null
    : 'LIMITED is told only where it takes the place of AVAILABLE.';
}

function testReason({ channels, numbers }: TellingFacts): string | null {
  const isTest = (one: (typeof channels)[number]) =>
    one.isSandbox || Object.hasOwn(one.labels, TEST_LABEL);
  return channels.length > 0 && numbers <= channels.length && channels.every(isTest)
    ? `It affects only numbers in the sandbox or with the label ${TEST_LABEL}.`
    : null;
}

function isQuiet({ incident: { codes, status } }: TellingFacts): boolean {
  return status === 'LIMITED' && codes.length > 0 && codes.every((code) => QUIET_CODES.has(code));
}

/** Why this receiver needs no more of it. */
function saidReason({ facts, kind, receiver, before }: Question): string | null {
  const { cause, isFlapping } = facts.incident;
  if (cause.kind === 'receiver' && cause.ref === receiver.id) {
    return 'It is about this receiver, which takes no messages.';
  }
  const isSaid = before.some((one) => one.kind === 'flapping' && isHeard([one]));
  return isSaid && isFlapping && kind !== 'worse'
    ? 'It was told that this comes and goes; it hears again when it has ended.'
    : null;
}

function ruledDecision({
  facts,
  receiver,
  rules,
}: Pick<Question, 'facts' | 'receiver' | 'rules'>): Decision {
  const naming = rules.filter(
    ({ isEnabled, receivers }) => isEnabled && receivers.includes(receiver.id),
  );
  if (naming.length === 0) {
    const { isTold, because } = defaultRule(receiver.urgency, facts);
    if (!isTold) return withheld(`The default rule does not page it: ${because}.`);
    const reason = `The default rule: ${because}.`;
    return { isTold, reason, rule: 'default', labels: null, groupMs: 0 };
  }
  for (const { name, match, groupMs } of naming) {
    const found = matchOf(match, facts);
    if (found === null) continue;
    const { labels } = found;
    return { isTold: true, reason: `Rule ${name} matches.`, rule: name, labels, groupMs };
  }
  const names = naming.map(({ name }) => name).join(', ');
  return withheld(`None of the rules that name it matches (${names}).`);
}

function silenced({ id, author, reason, endsAt }: Silence): Decision {
  const until = new Date(endsAt).toISOString().replace(':00.000Z', 'Z');
  const said = `Silenced until ${until} by ${author}: ${reason}`;
  return { isTold: false, reason: said, silenceId: id };
}

function withheld(reason: string): Decision {
  return { isTold: false, reason, silenceId: null };
}
