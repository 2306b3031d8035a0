/** How an answer and what its findings mean add up to the four effects. */
import type { EffectClaim, EffectLevel, EffectName, Effects } from './effect.ts';
import { CERTAINTIES, EFFECT_LEVELS } from './effect.ts';
import type { ExplainedFinding } from './explanation.ts';
import type { Capability, Entity } from './entity.ts';
import type { HealthReport } from './health-report.ts';
import type { Status } from './status.ts';
import { statusOfWord } from './status.ts';
import type { Verdicts } from './verdict.ts';
import { verdictsOf } from './verdict.ts';

/** When nothing usable is known, nothing is claimed. */
export const UNKNOWN_EFFECTS: Effects = effectsFrom(() => ({
  level: 'unknown',
  certainty: 'inferred',
}));

/**
 * What the answer means for a sender. Each effect is the worst claim about it, from the findings that the
 * catalogue explains and, where they explain nothing, from the status alone: BLOCKED stops both kinds
 * of sending, LIMITED limits both. An entity that is AVAILABLE takes nothing away, whatever its lists hold;
 * only a note about incoming messages counts there.
 */
export function effectsOf(report: HealthReport, findings: readonly ExplainedFinding[]): Effects {
  const verdicts = verdictsOf(report);
  const claims = [
    baseClaims(verdicts),
    ...findings.map((finding) => claimsOfFinding(finding, report)),
    ...statusClaims(report, verdicts, findings),
  ];
  return effectsFrom((name) => worstClaim(claims.flatMap((some) => some[name] ?? [])));
}

type Claims = Readonly<Partial<Effects>>;

/** Before anything is held against it: what the verdicts themselves say. */
function baseClaims(verdicts: Verdicts): Claims {
  const certainty = verdicts.messaging.status === 'AVAILABLE' ? 'documented' : 'inferred';
  return {
    business_initiated: { level: 'yes', certainty },
    replies: { level: 'yes', certainty },
    inbound: { level: 'yes', certainty: 'inferred' },
    calling: callingClaim(verdicts.calling?.status ?? 'UNKNOWN'),
  };
}

function callingClaim(status: Status): EffectClaim {
  const level = (
    { AVAILABLE: 'yes', UNKNOWN: 'unknown', LIMITED: 'limited', BLOCKED: 'no' } as const
  )[status];
  return { level, certainty: status === 'UNKNOWN' ? 'inferred' : 'documented' };
}

function claimsOfFinding(finding: ExplainedFinding, report: HealthReport): Claims {
  const { effects } = finding.explanation;
  const words = report.entities
    .filter((entity) => isAbout(finding, entity))
    .map((entity) => entity.words[finding.capability]);
  if (words.some((word) => word !== 'AVAILABLE')) return effects;
  return finding.kind === 'info' && effects.inbound ? { inbound: effects.inbound } : {};
}

/** What each status claims by itself, where no known finding on that entity explains it. */
function statusClaims(
  report: HealthReport,
  verdicts: Verdicts,
  findings: readonly ExplainedFinding[],
): readonly Claims[] {
  const known = findings.filter(
    ({ explanation, capability }) => isMessaging(capability) && explanation.known,
  );
  if (verdicts.messaging.basis === 'reported') {
    return [claimsOfStatus(verdicts.messaging.status, known)];
  }
  return report.entities.flatMap((entity) => {
    const word = entity.words.messaging;
    const about = known.filter((finding) => isAbout(finding, entity));
    return word === null ? [] : [claimsOfStatus(statusOfWord(word), about)];
  });
}

function claimsOfStatus(status: Status, known: readonly ExplainedFinding[]): Claims {
  if (status === 'UNKNOWN') return bothKinds('unknown');
  if (status === 'LIMITED') return known.length > 0 ? {} : bothKinds('limited');
  if (status === 'AVAILABLE') return {};
  const explained = known.some(
    (finding) => finding.explanation.effects.business_initiated?.level === 'no',
  );
  if (explained) return {};
  return { ...bothKinds('no'), inbound: { level: 'unknown', certainty: 'inferred' } };
}

function bothKinds(level: EffectLevel): Claims {
  const inferred: EffectClaim = { level, certainty: 'inferred' };
  return { business_initiated: inferred, replies: inferred };
}

function isMessaging(capability: Capability): boolean {
  return capability === 'messaging';
}

function isAbout({ subject }: ExplainedFinding, entity: Entity): boolean {
  return subject.kind === 'entity' && subject.type === entity.type && subject.id === entity.id;
}

/** The worst level; of equal ones the one we are surest of. */
function worstClaim(claims: readonly EffectClaim[]): EffectClaim {
  return claims.reduce((worst, next) => {
    const worse = EFFECT_LEVELS.indexOf(next.level) - EFFECT_LEVELS.indexOf(worst.level);
    const surer = CERTAINTIES.indexOf(worst.certainty) - CERTAINTIES.indexOf(next.certainty);
    return worse > 0 || (worse === 0 && surer > 0) ? next : worst;
  });
}

function effectsFrom(claimOf: (name: EffectName) => EffectClaim): Effects {
  return {
    business_initiated: claimOf('business_initiated'),
    replies: claimOf('replies'),
    inbound: claimOf('inbound'),
    calling: claimOf('calling'),
  };
}
