/** Evidence as the API shows it: labels only where somebody asked for them. */
import type { Answer } from '#api/call.ts';
import type { Transition } from '#domain/transition.ts';
import type { Evidence, EvidenceMember } from '#monitor/incidents/evidence.ts';
import { timestampOf, timestampOrNull } from './handler.ts';

type EvidenceView = Answer<'getEvidence'>['body'];
type MemberView = EvidenceView['members'][number];

export function evidenceView(
  evidence: Evidence,
  options: { readonly withLabels: boolean },
): EvidenceView {
  const { incident, counts } = evidence;
  const { cause } = incident;
  return {
    made_at: timestampOf(evidence.madeAt),
    incident: {
      id: incident.id,
      number: incident.number,
      cause: { kind: cause.kind, type: cause.type, id: cause.ref },
      capability: incident.capability,
      upstream: incident.upstream,
      status: incident.status,
      codes: [...incident.codes],
      detail: incident.detail,
      began_at: timestampOf(incident.beganAt),
      last_good_at: timestampOrNull(incident.lastGoodAt),
      ended_at: timestampOrNull(incident.endedAt),
      numbers: { affected: counts.affected, ever: counts.ever },
    },
    members: evidence.members.map((one) => memberView(one, options)),
    members_left_out: evidence.membersLeftOut,
    bodies: evidence.bodies.map(({ hash, text }) => ({ hash, text })),
    bodies_left_out: evidence.bodiesLeftOut,
  };
}

function memberView(
  { member, channel, names, reads }: EvidenceMember,
  { withLabels }: { readonly withLabels: boolean },
): MemberView {
  const identity = channel?.identity ?? null;
  return {
    channel: channel?.name ?? member.channelId,
    display_number: names.displayNumber,
    phone_number_id: identity?.phoneNumberId ?? channel?.nodeId ?? null,
    waba_id: identity?.wabaId ?? null,
    business_id: identity?.businessId ?? null,
    app_id: identity?.appId ?? null,
    labels: withLabels && channel !== null ? channel.labels : null,
    status: member.status,
    first_bad_at: timestampOf(member.firstBadAt),
    left_at: timestampOrNull(member.leftAt),
    left_reason: member.leftReason,
    reads: reads.map(readView),
  };
}

function readView(transition: Transition): MemberView['reads'][number] {
  return {
    at: timestampOf(transition.at),
    what: whatOf(transition),
    code: transition.code,
    was: transition.was,
    is: transition.is,
    detail: transition.detail,
    started_at: timestampOrNull(transition.startedAt),
    trace_id: transition.traceId,
    version: transition.version,
    body_before: transition.bodyBefore,
    body_after: transition.bodyAfter,
  };
}

/** `verdict messaging`, `WABA 1022… messaging`. */
function whatOf({ kind, subjectType, subjectId, capability }: Transition): string {
  const parts = [kind === 'entity' ? null : kind, subjectType, subjectId, capability];
  return parts.filter((part) => part !== null).join(' ');
}
