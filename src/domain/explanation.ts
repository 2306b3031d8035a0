/** What a finding means, as `explain` gives it from the catalogue. */
import type { Actor, Remedy } from './actor.ts';
import type { BilledBy, UpstreamKind } from './billing.ts';
import type { EffectClaim, EffectName } from './effect.ts';
import type { Finding } from './finding.ts';

export interface Explanation {
  /** What it means, in one sentence for somebody woken at night. */
  readonly meaning: string;
  /** Why, without what it stops: "payment method failed", for a text that tells the effects beside it. */
  readonly reason: string;
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

export interface ExplainedFinding extends Finding {
  readonly explanation: Explanation;
}
