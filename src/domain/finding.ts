/**
 * A finding: one thing said about a subject, keyed so that two answers can be compared.
 *
 * The key is (subject, kind, code). Meta re-uses 131000 for several causes, so its code carries the
 * word before the first colon (`131000:endpoint_uri`); an additional info has no code of its own and
 * takes its catalogue slug, or the first 8 hex digits of the SHA-256 of its text.
 */
import type { Capability, EntityRef } from './entity.ts';
import type { HealthReport } from './health-report.ts';
import type { CredentialId } from './id.ts';

export type FindingSubject =
  | ({ readonly kind: 'entity' } & EntityRef)
  | { readonly kind: 'credential'; readonly id: CredentialId };

/**
 * `error` and `info` come from the entity's lists; `unrecognised_word` when a status word is new to
 * us; `identity_changed` when a credential answered about another number.
 */
export type FindingKind = 'error' | 'info' | 'unrecognised_word' | 'identity_changed';

export interface Finding {
  readonly subject: FindingSubject;
  readonly kind: FindingKind;
  /** Meta's code, the info's slug or hash, or the word that we did not know. */
  readonly code: string;
  /** Which verdict it bears on: 138000–138999 are about calling, never about messaging. */
  readonly capability: Capability;
  /** Meta's own sentence, kept as received; null when it gave none. */
  readonly text: string | null;
  /** Meta's `possible_solution`, kept as received. */
  readonly solution: string | null;
}

/** SHA-256 as lower-case hex: passed in, because the domain computes nothing but values. */
export type Sha256Hex = (text: string) => string;

/** Every finding of one answer, in the answer's order, without repetition of a key. */
export function findingsOf(report: HealthReport, sha256Hex: Sha256Hex): readonly Finding[] {
  void report;
  void sha256Hex;
  throw new Error('not written yet');
}

/** The key by which a finding is the same one in two answers. */
export function findingKey(finding: Pick<Finding, 'subject' | 'kind' | 'code'>): string {
  void finding;
  throw new Error('not written yet');
}
