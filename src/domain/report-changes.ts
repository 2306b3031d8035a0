/** What two good answers say differently: words of entities, findings, owners. */
import type { ChannelState } from './channel-state.ts';
import type { Capability, Entity } from './entity.ts';
import { CAPABILITIES } from './entity.ts';
import type { Finding, Sha256Hex } from './finding.ts';
import { findingKey, findingsOf } from './finding.ts';
import type { Identity } from './identity.ts';
import type { Change } from './transition.ts';
import { BLANK_CHANGE, entitySeries } from './transition.ts';

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
  const words = new Map<string, { entity: Entity; capability: Capability; word: string }>();
  for (const { series, ...one } of wordsOf(before)) words.set(series, one);
  const changes: Change[] = [];
  for (const { series, entity, capability, word } of wordsOf(after)) {
    const was = words.get(series)?.word ?? null;
    words.delete(series);
    if (was !== word) changes.push(wordChange({ series, entity, capability, at, was, is: word }));
  }
  for (const [series, { entity, capability, word }] of words) {
    changes.push(wordChange({ series, entity, capability, at, was: word, is: null }));
  }
  return changes;
}

function wordsOf(entities: readonly Entity[]) {
  return entities.flatMap((entity) =>
    CAPABILITIES.flatMap((capability) => {
      const word = entity.words[capability];
      return word === null
        ? []
        : [{ series: entitySeries(entity, capability), entity, capability, word }];
    }),
  );
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
  const gone = new Map(before.map((finding) => [findingKey(finding), finding]));
  const changes: Change[] = [];
  for (const finding of after) {
    const key = findingKey(finding);
    if (!gone.delete(key)) changes.push(findingChange(key, finding, { at, present: true }));
  }
  for (const [key, finding] of gone) {
    changes.push(findingChange(key, finding, { at, present: false }));
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
