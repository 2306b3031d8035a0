/**
 * What a sender can do right now, in four effects. A verdict says how bad it is; the effects say what
 * it means: WABA/141006 stops new conversations while replies still flow (docs/meta.md §2.2).
 */
export const EFFECTS = ['business_initiated', 'replies', 'inbound', 'calling'] as const;
export type EffectName = (typeof EFFECTS)[number];

/** From best to worst: yes < unknown < limited < no; the worst claim wins. */
export const EFFECT_LEVELS = ['yes', 'unknown', 'limited', 'no'] as const;
export type EffectLevel = (typeof EFFECT_LEVELS)[number];

/** `documented` by Meta, `observed` on live accounts, `inferred` from the status alone. */
export const CERTAINTIES = ['documented', 'observed', 'inferred'] as const;
export type Certainty = (typeof CERTAINTIES)[number];

export interface EffectClaim {
  readonly level: EffectLevel;
  readonly certainty: Certainty;
}

export type Effects = Readonly<Record<EffectName, EffectClaim>>;
