/** What one answer says of the causes that it names: which are bad, which are fine, and which it cannot tell. */
import type { Capability, Entity } from '#domain/entity.ts';
import { CAPABILITIES } from '#domain/entity.ts';
import type { Finding, Sha256Hex } from '#domain/finding.ts';
import { findingsOf } from '#domain/finding.ts';
import type { HealthReport } from '#domain/health-report.ts';
import type { ChannelId } from '#domain/id.ts';
import type { Status } from '#domain/status.ts';
import { STATUSES, statusOfWord } from '#domain/status.ts';
import type { Cause } from './cause.ts';
import { causeKey } from './cause.ts';

export interface SeenCause {
  readonly cause: Cause;
  readonly capability: Capability;
  readonly status: Status;
  /** The codes of its findings about this capability, errors first. */
  readonly codes: readonly string[];
  /** Meta's own sentence about the first of these; null where there is none. */
  readonly text: string | null;
}

/**
 * Every (entity, capability) that the answer reports, by key. An entity without an id is taken for this
 * channel's own. Where none reports messaging, Meta's aggregate is a cause of the channel's own.
 *
 * An entity that is bad without any finding of its own, beside one that is at least as bad and says why,
 * only mirrors that one: it is UNKNOWN here, neither a cause nor a recovery.
 */
export function causesIn(
  report: HealthReport,
  { channelId, sha256Hex }: { readonly channelId: ChannelId; readonly sha256Hex: Sha256Hex },
): ReadonlyMap<string, SeenCause> {
  const findings = findingsOf(report, sha256Hex);
  const seen = CAPABILITIES.flatMap((capability) =>
    withoutMirrors(
      report.entities.flatMap((entity) => seenIn(entity, capability, { channelId, findings })),
    ),
  );
  const messages = seen.some(({ capability }) => capability === 'messaging');
  if (!messages && report.reported !== null) seen.push(reportedCause(report.reported, channelId));
  const byKey = new Map<string, SeenCause>();
  for (const one of seen) {
    const key = causeKey(one.cause, one.capability);
    const other = byKey.get(key);
    if (other === undefined || isWorse(one.status, other.status)) byKey.set(key, one);
  }
  return byKey;
}

/** Whether a status is trouble that an incident is opened for. */
export function isBad(status: Status): boolean {
  return status === 'LIMITED' || status === 'BLOCKED';
}

/** In the order AVAILABLE < UNKNOWN < LIMITED < BLOCKED. */
export function isWorse(one: Status, other: Status): boolean {
  return STATUSES.indexOf(one) > STATUSES.indexOf(other);
}

function seenIn(
  entity: Entity,
  capability: Capability,
  about: { readonly channelId: ChannelId; readonly findings: readonly Finding[] },
): readonly SeenCause[] {
  const word = entity.words[capability];
  if (word === null) return [];
  const { type, id } = entity;
  const own = about.findings.filter(
    ({ subject, kind, capability: of }) =>
      of === capability &&
      (kind === 'error' || kind === 'info') &&
      subject.kind === 'entity' &&
      subject.type === type &&
      subject.id === id,
  );
  const ordered = own.toSorted((a, b) => Number(a.kind === 'info') - Number(b.kind === 'info'));
  return [
    {
      cause: { kind: 'entity', type, ref: id ?? about.channelId },
      capability,
      status: statusOfWord(word),
      codes: ordered.map(({ code }) => code),
      text: ordered[0]?.text ?? null,
    },
  ];
}

function withoutMirrors(seen: readonly SeenCause[]): readonly SeenCause[] {
  const speaking = seen.filter(({ status, codes }) => isBad(status) && codes.length > 0);
  return seen.map((one) => {
    const isSilent = isBad(one.status) && one.codes.length === 0;
    const isMirror = isSilent && speaking.some(({ status }) => !isWorse(one.status, status));
    return isMirror ? { ...one, status: 'UNKNOWN' } : one;
  });
}

function reportedCause(word: string, channelId: ChannelId): SeenCause {
  return {
    cause: { kind: 'entity', type: null, ref: channelId },
    capability: 'messaging',
    status: statusOfWord(word),
    codes: [],
    text: null,
  };
}
