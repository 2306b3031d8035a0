/** All that is said about a channel at one moment: standing, effects, findings explained, and the reason. */
import type { BilledBy, UpstreamKind } from './billing.ts';
import type { ChannelState, Standing } from './channel-state.ts';
import { standingOf } from './channel-state.ts';
import type { EffectName, Effects } from './effect.ts';
import { EFFECT_LEVELS } from './effect.ts';
import { effectsOf, UNKNOWN_EFFECTS } from './effects-of.ts';
import type { EntityRef } from './entity.ts';
import { explain } from './error-catalogue.ts';
import type { ExplainedFinding, ExplanationContext } from './explanation.ts';
import type { Finding, Sha256Hex } from './finding.ts';
import { findingsOf, identityChangedFinding } from './finding.ts';
import type { CredentialId } from './id.ts';
import type { Verdict } from './verdict.ts';

export interface Assessment {
  readonly standing: Standing;
  /** All `unknown` when the standing rests on no usable snapshot. */
  readonly effects: Effects;
  /** What the last good answer said, outdated or not; then what is wrong with the credential. */
  readonly findings: readonly ExplainedFinding[];
  /**
   * The finding behind the worst messaging verdict. Null when AVAILABLE, when the upstream named no
   * cause, and when the standing rests on no usable snapshot: then the verdict's own reason says why.
   */
  readonly reason: ExplainedFinding | null;
}

export interface AssessmentContext extends ExplanationContext {
  readonly checkIntervalMs: number;
  readonly upstream: UpstreamKind;
  readonly billedBy: BilledBy;
  readonly now: number;
  readonly sha256Hex: Sha256Hex;
  /** Given, an `identity_changed` failure becomes a finding on this credential. */
  readonly credentialId?: CredentialId;
}

/** The assessment of a state. Pure: the same arguments give the same values. */
export function assessmentOf(state: ChannelState, about: AssessmentContext): Assessment {
  const standing = standingOf(state, about.checkIntervalMs, about.now);
  const report = state.good?.report ?? null;
  const said = report === null ? [] : findingsOf(report, about.sha256Hex);
  const findings = [...said, ...credentialFindings(state, about)].map((finding) =>
    explained(finding, about),
  );
  const usable = report !== null && standing.lastKnown === null;
  return {
    standing,
    effects: usable ? effectsOf(report, findings) : UNKNOWN_EFFECTS,
    findings,
    reason: usable ? reasonOf(standing.verdicts.messaging, findings) : null,
  };
}

function explained(finding: Finding, context: ExplanationContext): ExplainedFinding {
  return { ...finding, explanation: explain(finding, context) };
}

function credentialFindings(state: ChannelState, about: AssessmentContext): readonly Finding[] {
  const failure = state.lastFailure?.failure;
  return failure?.code === 'identity_changed' && about.credentialId !== undefined
    ? [identityChangedFinding(about.credentialId, failure.detail)]
    : [];
}

/** Of the findings on the entities that decided, the one that takes most away; of equals the first. */
function reasonOf(
  { status, basis, decidedBy }: Verdict,
  findings: readonly ExplainedFinding[],
): ExplainedFinding | null {
  if (status === 'AVAILABLE') return null;
  const candidates = findings.filter(
    ({ subject, capability, kind }) =>
      subject.kind === 'entity' &&
      capability === 'messaging' &&
      (status === 'UNKNOWN') === (kind === 'unrecognised_word') &&
      (basis === 'reported' || decidedBy.some((entity) => isSame(entity, subject))),
  );
  return candidates.reduce<ExplainedFinding | null>(
    (worst, next) => (worst === null || weightOf(next) > weightOf(worst) ? next : worst),
    null,
  );
}

function isSame(one: EntityRef, other: EntityRef): boolean {
  return one.type === other.type && one.id === other.id;
}

/** Errors outweigh notes; then what stops new conversations, then replies, then incoming messages. */
function weightOf({ kind, explanation: { effects } }: ExplainedFinding): number {
  const level = (name: EffectName) => EFFECT_LEVELS.indexOf(effects[name]?.level ?? 'yes');
  const weight = level('business_initiated') * 16 + level('replies') * 4 + level('inbound');
  return weight + (kind === 'info' ? 0 : 64);
}
