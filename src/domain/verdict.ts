/**
 * Two verdicts from the entities, *messaging* and *calling*, with Meta's aggregate beside them.
 *
 * An entity that does not report a capability has no vote; the worst vote wins. The aggregate never
 * overrides entities that report: in Meta's own example it says BLOCKED although every entity can
 * send, because calling is blocked (docs/meta.md §1.5).
 */
import type { Capability, Entity, EntityRef } from './entity.ts';
import type { HealthReport } from './health-report.ts';
import type { Status } from './status.ts';
import { statusOfWord, worstOf } from './status.ts';

/** Why a verdict is UNKNOWN. `not_reported`: a good read that says nothing about sending. */
export const UNKNOWN_REASONS = [
  'never_read',
  'outdated',
  'not_trusted',
  'unrecognised_word',
  'not_reported',
] as const;
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

export interface Verdict {
  readonly status: Status;
  /** `entities`: the worst of their votes. `reported`: none voted, so it is Meta's aggregate. */
  readonly basis: 'entities' | 'reported';
  /** Set exactly when the status is UNKNOWN. */
  readonly reason: UnknownReason | null;
  /** The entities whose vote is the verdict; empty when AVAILABLE or not based on entities. */
  readonly decidedBy: readonly EntityRef[];
}

export interface Verdicts {
  readonly messaging: Verdict;
  /** Null when no entity reports calling: there is no aggregate to fall back on. */
  readonly calling: Verdict | null;
  /** Meta's aggregate as received; null when the answer has none. */
  readonly reported: string | null;
}

/** The verdicts of one answer, without regard to its age. */
export function verdictsOf(report: HealthReport): Verdicts {
  return {
    messaging: voteOf(report.entities, 'messaging') ?? reportedVerdict(report.reported),
    calling: voteOf(report.entities, 'calling'),
    reported: report.reported,
  };
}

function voteOf(entities: readonly Entity[], capability: Capability): Verdict | null {
  const votes = entities.flatMap((entity) => {
    const word = entity.words[capability];
    return word === null ? [] : [{ entity, status: statusOfWord(word) }];
  });
  const status = worstOf(votes.map((vote) => vote.status));
  if (status === null) return null;
  const deciding = status === 'AVAILABLE' ? [] : votes.filter((vote) => vote.status === status);
  return {
    status,
    basis: 'entities',
    reason: status === 'UNKNOWN' ? 'unrecognised_word' : null,
    decidedBy: deciding.map(({ entity }) => ({ type: entity.type, id: entity.id })),
  };
}

function reportedVerdict(reported: string | null): Verdict {
  if (reported === null) return unknownVerdict('not_reported');
  const status = statusOfWord(reported);
  const reason = status === 'UNKNOWN' ? 'unrecognised_word' : null;
  return { status, basis: 'reported', reason, decidedBy: [] };
}

/** An UNKNOWN that rests on no entity, for this reason. */
export function unknownVerdict(reason: UnknownReason): Verdict {
  return { status: 'UNKNOWN', basis: 'reported', reason, decidedBy: [] };
}
