/**
 * Meta's error codes and sentences, explained: what it means, what still works, who must act, how.
 *
 * Keyed by (entity type, code), narrowed by upstream and by who bills. It has an open end: a finding
 * that is not here gets an honest answer from its status alone, and Meta's own text is always kept.
 * Facts: docs/meta.md §2.
 */
import type { BilledBy, UpstreamKind } from './billing.ts';
import type { EffectClaim, EffectName } from './effect.ts';
import type { Finding } from './finding.ts';

/** Who must act. `nobody`: it is a note, nothing is broken. */
export const ACTORS = [
  'integrator',
  'account_owner',
  'provider',
  'template_author',
  'nobody',
  'unknown',
] as const;
export type Actor = (typeof ACTORS)[number];

export interface Remedy {
  /** A plain sentence in the imperative. */
  readonly text: string;
  /** An https page where to do it or read on; null when there is none. */
  readonly link: string | null;
}

export interface Explanation {
  /** What it means, in one sentence for somebody woken at night. */
  readonly meaning: string;
  readonly effects: Readonly<Partial<Record<EffectName, EffectClaim>>>;
  readonly actor: Actor;
  readonly remedy: Remedy;
  /** False when the catalogue does not know the code, so that all of this rests on the status. */
  readonly known: boolean;
}

/** The situation in which a finding is explained. */
export interface ExplanationContext {
  readonly upstream: UpstreamKind;
  readonly billedBy: BilledBy;
}

/** What a finding means. Total: an unknown one gets `known: false` and Meta's own words. */
export function explain(finding: Finding, context: ExplanationContext): Explanation {
  void finding;
  void context;
  throw new Error('not written yet');
}
