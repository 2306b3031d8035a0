/**
 * A finding: one thing said about a subject, keyed so that two answers can be compared.
 *
 * The key is (subject, kind, code). Meta re-uses 131000 for several causes, so its code carries the
 * word before the first colon (`131000:endpoint_uri`); an additional info has no code of its own and
 * takes its catalogue slug, or the first 8 hex digits of the SHA-256 of its text.
 */
import type { Capability, Entity, EntityError, EntityRef } from './entity.ts';
import { CAPABILITIES } from './entity.ts';
import type { HealthReport } from './health-report.ts';
import type { CredentialId } from './id.ts';
import { infoSlugOf } from './catalogue-info.ts';
import { isKnownWord } from './status.ts';

type FindingSubject =
  | ({ readonly kind: 'entity' } & EntityRef)
  | { readonly kind: 'credential'; readonly id: CredentialId };

/**
 * `error` and `info` come from the entity's lists; `unrecognised_word` when a status word is new to
 * us; `identity_changed` when a credential answered about another number. The last three are about a
 * token that was looked at (token-facts.ts): it ends soon, it is dead, or it lacks a permission.
 */
export const FINDING_KINDS = [
  'error',
  'info',
  'unrecognised_word',
  'identity_changed',
  'credential_expiring',
  'credential_dead',
  'scope_missing',
] as const;
type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly subject: FindingSubject;
  readonly kind: FindingKind;
  /** Meta's code, the info's slug or hash, the word that we did not know, or what ends or is missing. */
  readonly code: string;
  /** Which verdict it bears on: 138000–138999 are about calling, never about messaging. */
  readonly capability: Capability;
  /** Meta's own sentence, kept as received, or ours where we found it; null where there is none. */
  readonly text: string | null;
  /** Meta's `possible_solution`, kept as received. */
  readonly solution: string | null;
}

/** SHA-256 as lower-case hex: passed in, because the domain computes nothing but values. */
export type Sha256Hex = (text: string) => string;

/** Every finding of one answer, in the answer's order, without repetition of a key. */
export function findingsOf(report: HealthReport, sha256Hex: Sha256Hex): readonly Finding[] {
  const byKey = new Map<string, Finding>();
  for (const entity of report.entities) {
    for (const finding of findingsAbout(entity, sha256Hex)) {
      const key = findingKey(finding);
      if (!byKey.has(key)) byKey.set(key, finding);
    }
  }
  return [...byKey.values()];
}

/** The key by which a finding is the same one in two answers. */
export function findingKey(finding: Pick<Finding, 'subject' | 'kind' | 'code'>): string {
  const { subject, kind, code } = finding;
  const about = subject.kind === 'entity' ? [subject.type, subject.id] : [subject.id];
  return JSON.stringify([subject.kind, ...about, kind, code]);
}

/** What a credential that answered about another number is found guilty of. */
export function identityChangedFinding(credentialId: CredentialId, text: string): Finding {
  return {
    subject: { kind: 'credential', id: credentialId },
    kind: 'identity_changed',
    code: 'identity_changed',
    capability: 'messaging',
    text,
    solution: null,
  };
}

function findingsAbout(entity: Entity, sha256Hex: Sha256Hex): readonly Finding[] {
  const subject = { kind: 'entity', type: entity.type, id: entity.id } as const;
  const words = CAPABILITIES.flatMap((capability) => {
    const word = entity.words[capability];
    if (word === null || isKnownWord(word)) return [];
    return { subject, kind: 'unrecognised_word', code: word, capability, ...SAYS_NOTHING } as const;
  });
  const errors = entity.errors.map((error) => {
    const code = codeOf(error, sha256Hex);
    const { description: text, solution } = error;
    return {
      subject,
      kind: 'error',
      code,
      capability: capabilityOf(code),
      text,
      solution,
    } as const;
  });
  const info = entity.info.map((text) => {
    const code = infoSlugOf(text) ?? hash8(text, sha256Hex);
    const capability = CALLING_SENTENCE.test(text) ? 'calling' : 'messaging';
    return { subject, kind: 'info', code, capability, text, solution: null } as const;
  });
  return [...words, ...errors, ...info];
}

const SAYS_NOTHING = { text: null, solution: null } as const;

/** The band in which Meta numbers everything about calling (docs/meta.md §2.4). */
const CALLING_CODE = /^138\d{3}$/;
const CALLING_SENTENCE = /\b(?:sip|calling)\b/i;
/** The code that Meta re-uses for several causes, told apart by the word before the first colon. */
const REUSED_CODE = '131000';
const LEADING_WORD = /^\s*([\w.-]{1,64})\s*:/;
/** A longer code is nobody's; its hash keeps keys and headers short. */
const CODE_LENGTH_MAX = 64;

function codeOf(error: EntityError, sha256Hex: Sha256Hex): string {
  if (error.code === null) return hash8(`${error.description}\n${error.solution}`, sha256Hex);
  if (error.code.length > CODE_LENGTH_MAX) return hash8(error.code, sha256Hex);
  if (error.code !== REUSED_CODE) return error.code;
  const word = LEADING_WORD.exec(error.description ?? '')?.[1];
  return word === undefined ? error.code : `${error.code}:${word}`;
}

function capabilityOf(code: string): Capability {
  return CALLING_CODE.test(code) ? 'calling' : 'messaging';
}

function hash8(text: string, sha256Hex: Sha256Hex): string {
  return sha256Hex(text).slice(0, 8);
}
