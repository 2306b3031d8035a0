/** The model's view of what one channel said, read from the whole list of it whenever it is needed. */
import type { FailureCode } from '#domain/failure.ts';
import type { SaidAnswer, SaidEntity } from './answers.ts';

/** How long what was read may stand, and how far apart two rejections are two, in ms. */
export const OUTDATED_MS = 600_000;
const CONFIRMS_TRUST_MS = 5_000;

/** One thing that was learnt of a channel, in the order in which it was. */
export type Observation = { readonly at: number; readonly isPaused: boolean } & (
  | { readonly kind: 'good'; readonly answer: SaidAnswer }
  | { readonly kind: 'failed'; readonly code: FailureCode }
  /** It was found to be outdated, for no other reason. */
  | { readonly kind: 'outdated' }
);

export type Bad = 'LIMITED' | 'BLOCKED' | 'UNKNOWN';
/** What an observation means for a cause; `nothing`: it neither counts nor cancels. */
export type Meaning = Bad | 'good' | 'moved' | 'nothing';

export interface Watched {
  readonly no: number;
  /** Who it is for the store. */
  readonly ref: string;
  readonly credential: string;
  readonly createdAt: number;
  readonly log: readonly Observation[];
}

/** A cause as text, as incidents are keyed: kind, type, whom it is about, capability. */
export type Key = string;

function entityKey(type: string | null, ref: string, capability: string): Key {
  return JSON.stringify(['entity', type, ref, capability]);
}

function unseenKey(kind: 'credential' | 'unreadable', ref: string): Key {
  return JSON.stringify([kind, null, ref, null]);
}

/** Every cause that the channel's observation number `index` has anything bad to say of. */
export function badKeys(channel: Watched, index: number): readonly Key[] {
  const seen = channel.log[index];
  if (seen === undefined || seen.isPaused) return [];
  const named =
    seen.kind === 'good'
      ? [...entityKeys(channel, seen.answer)]
      : [blindKey(channel, index)].filter((key) => key !== null);
  return named.filter((key) => isBadMeaning(meaningOf(channel, index, key)));
}

export function isBadMeaning(meaning: Meaning): meaning is Bad {
  return meaning === 'LIMITED' || meaning === 'BLOCKED' || meaning === 'UNKNOWN';
}

export function meaningOf(channel: Watched, index: number, key: Key): Meaning {
  const seen = channel.log[index];
  if (seen === undefined || seen.isPaused) return 'nothing';
  const [kind, type, , capability]: readonly (string | null)[] = JSON.parse(key);
  if (seen.kind !== 'good') return blindKey(channel, index) === key ? 'UNKNOWN' : 'nothing';
  if (kind === 'credential') return 'good';
  if (kind === 'unreadable') return isAnothers(channel, index, key) ? 'moved' : 'good';
  const { answer } = seen;
  if (type === null) return aggregateMeaning(answer);
  const words = wordsOf(answer, capability ?? '').filter(([entity]) => entity.type === type);
  const own = words.find(([{ id }]) => entityKey(type ?? null, id, capability ?? '') === key);
  if (own === undefined) return words.length > 0 ? 'moved' : 'nothing';
  return wordMeaning(own[0], own[1], wordsOf(answer, capability ?? ''));
}

/** It is the aggregate that speaks, or the entities do in its place. */
function aggregateMeaning(answer: SaidAnswer): Meaning {
  const words = wordsOf(answer, 'messaging').map(([, word]) => word);
  if (words.length === 0) return known(answer.aggregate);
  if (words.some((word) => word === 'BLOCKED' || word === 'LIMITED')) return 'moved';
  return words.every((word) => word === 'AVAILABLE') ? 'good' : 'nothing';
}

function known(word: string): Meaning {
  if (word === 'AVAILABLE') return 'good';
  return word === 'BLOCKED' || word === 'LIMITED' ? word : 'nothing';
}

/** Bad without a reason, beside one at least as bad that gives one: a mirror, which tells nothing. */
function wordMeaning(
  { hasCode }: SaidEntity,
  word: string,
  all: readonly (readonly [SaidEntity, string])[],
): Meaning {
  const meaning = known(word);
  if (meaning === 'good' || meaning === 'nothing' || hasCode) return meaning;
  const isMirror = all.some(
    ([other, its]) => other.hasCode && (its === 'BLOCKED' || (its === 'LIMITED' && its === word)),
  );
  return isMirror ? 'nothing' : meaning;
}

/** Who says something about it, and what. Reasons are about sending: calling is only ever silent. */
function wordsOf(answer: SaidAnswer, capability: string): (readonly [SaidEntity, string])[] {
  return answer.entities.flatMap((entity): (readonly [SaidEntity, string])[] => {
    const word = capability === 'calling' ? entity.calling : entity.messaging;
    if (word === null) return [];
    return [[capability === 'calling' ? { ...entity, hasCode: false } : entity, word]];
  });
}

function* entityKeys({ ref }: Watched, answer: SaidAnswer): Generator<Key> {
  for (const { type, id } of answer.entities) {
    yield entityKey(type, id, 'messaging');
    if (type === 'PHONE_NUMBER') yield entityKey(type, id, 'calling');
  }
  yield entityKey(null, ref, 'messaging');
}

/** Why it cannot be seen, as of this observation; null while it can. */
function blindKey(channel: Watched, index: number): Key | null {
  const seen = channel.log[index];
  if (seen?.kind === 'outdated') return unreadableKey(channel, index);
  const code = distrust(channel, index);
  if (code === null) return null;
  return code === 'not_found_or_forbidden'
    ? unreadableKey(channel, index)
    : unseenKey('credential', channel.credential);
}

function unreadableKey(channel: Watched, index: number): Key {
  const about = accountAt(channel, index) ?? channel.ref;
  return unseenKey('unreadable', `${channel.credential}/${about}`);
}

/** Whether what was unreadable is not what this channel is by now. */
function isAnothers(channel: Watched, index: number, key: Key): boolean {
  const itself = unseenKey('unreadable', `${channel.credential}/${channel.ref}`);
  return key !== itself && key !== unreadableKey(channel, index);
}

/** The account that it named last. */
function accountAt({ log }: Watched, index: number): string | null {
  const named = log.slice(0, index + 1).flatMap((seen) => {
    if (seen.kind !== 'good') return [];
    return seen.answer.entities.filter(({ type }) => type === 'WABA').map(({ id }) => id);
  });
  return named.at(-1) ?? null;
}

/** The code that ended trust, as of this observation; null while what is known may be trusted. */
export function distrust({ log }: Watched, index: number): FailureCode | null {
  const since = log.slice(0, index + 1).findLastIndex(({ kind }) => kind === 'good');
  const definitive = log
    .slice(since + 1, index + 1)
    .flatMap((seen) => (seen.kind === 'failed' && isDefinitive(seen.code) ? [seen] : []));
  const [first] = definitive;
  const confirming = definitive.filter(({ at }) => first && at >= first.at + CONFIRMS_TRUST_MS);
  return confirming.at(-1)?.code ?? null;
}

function isDefinitive(code: FailureCode): boolean {
  return ['credential_rejected', 'account_disabled', 'not_found_or_forbidden'].includes(code);
}
