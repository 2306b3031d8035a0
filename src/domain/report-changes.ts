/** What two good answers say differently: words of entities, findings, owners. */
import type { ChannelState } from './channel-state.ts';
import type { Capability, Entity } from './entity.ts';
import { CAPABILITIES } from './entity.ts';
import type { Finding, Sha256Hex } from './finding.ts';
import { findingKey, findingsOf } from './finding.ts';
import type { Identity } from './identity.ts';
import type { Change } from './transition.ts';
import { BLANK_CHANGE, entitySeries } from './transition.ts';
import { statusOfWord, worstOf } from './status.ts';

/** The changes, oldest subject first. A first answer has nothing before it to differ from. */
export function reportChanges({
  before,
  after,
  at,
  sha256Hex,
}: {
  readonly before: ChannelState;
  readonly after: ChannelState;
  readonly at: number;
  readonly sha256Hex: Sha256Hex;
}): readonly Change[] {
  const [old, next] = [before.good, after.good];
  if (old === null || next === null || old === next) return [];
  if (old.bodyHash === next.bodyHash) return [];
  return [
    ...entityChanges(old.report.entities, next.report.entities, at),
    ...findingChanges(findingsOf(old.report, sha256Hex), findingsOf(next.report, sha256Hex), at),
    ...identityChanges(old.identity, next.identity, at),
  ];
}

function entityChanges(
  before: readonly Entity[],
  after: readonly Entity[],
  at: number,
): readonly Change[] {
  const old = wordsOf(before);
  const next = wordsOf(after);
  const changes: Change[] = [];
  for (const [series, { entity, capability, word }] of next) {
    const was = old.get(series)?.word ?? null;
    if (was !== word) changes.push(wordChange({ series, entity, capability, at, was, is: word }));
  }
  for (const [series, { entity, capability, word }] of old) {
    if (next.has(series)) continue;
    changes.push(wordChange({ series, entity, capability, at, was: word, is: null }));
  }
  return changes;
}

/** What an entity says of a capability, by series. */
export interface EntityWord {
  readonly entity: Entity;
  readonly capability: Capability;
  readonly word: string;
}

/** The words of an answer by their series. An entity that stands there twice has the worse word. */
export function wordsOf(entities: readonly Entity[]): ReadonlyMap<string, EntityWord> {
  const words = new Map<string, EntityWord>();
  for (const entity of entities) {
    for (const capability of CAPABILITIES) {
      const word = entity.words[capability];
      if (word === null) continue;
      const series = entitySeries(entity, capability);
      const other = words.get(series);
      if (other === undefined || isWorse(word, other.word)) {
        words.set(series, { entity, capability, word });
      }
    }
  }
  return words;
}

function isWorse(word: string, other: string): boolean {
  const [one, two] = [statusOfWord(word), statusOfWord(other)];
  return one !== two && worstOf([one, two]) === one;
}

function wordChange(about: {
  readonly series: string;
  readonly entity: Entity;
  readonly capability: Capability;
  readonly at: number;
  readonly was: string | null;
  readonly is: string | null;
}): Change {
  const { entity, ...rest } = about;
  return {
    ...BLANK_CHANGE,
    ...rest,
    kind: 'entity',
    subjectType: entity.type,
    subjectId: entity.id,
  };
}

function findingChanges(
  before: readonly Finding[],
  after: readonly Finding[],
  at: number,
): readonly Change[] {
  // A finding that is told twice is one.
  const old = new Map(before.map((finding) => [findingKey(finding), finding]));
  const next = new Map(after.map((finding) => [findingKey(finding), finding]));
  const changes: Change[] = [];
  for (const [key, finding] of next) {
    if (!old.has(key)) changes.push(findingChange(key, finding, { at, present: true }));
  }
  for (const [key, finding] of old) {
    if (!next.has(key)) changes.push(findingChange(key, finding, { at, present: false }));
  }
  return changes;
}

/** What a finding's series says while it is there. */
const PRESENT = 'present';

function findingChange(
  key: string,
  { subject, capability, code, text }: Finding,
  { at, present }: { readonly at: number; readonly present: boolean },
): Change {
  return {
    at,
    kind: 'finding',
    series: `finding:${key}`,
    capability,
    subjectType: subject.kind === 'entity' ? subject.type : subject.kind,
    subjectId: subject.id,
    code,
    was: present ? null : PRESENT,
    is: present ? PRESENT : null,
    detail: text,
  };
}

const IDENTITY_FIELDS = { waba: 'wabaId', business: 'businessId', app: 'appId' } as const;

function identityChanges(before: Identity, after: Identity, at: number): readonly Change[] {
  return Object.entries(IDENTITY_FIELDS).flatMap(([code, field]) => {
    const [was, is] = [before[field], after[field]];
    if (was === is || is === null) return [];
    return [
      { ...BLANK_CHANGE, at, kind: 'identity' as const, series: `identity:${code}`, code, was, is },
    ];
  });
}
