/** Verdicts, effects, entities and findings as the API shows them: of a channel or of any node. */
import type { Answer } from '#api/call.ts';
import type { Assessment } from '#domain/assessment.ts';
import type { EffectName, Effects } from '#domain/effect.ts';
import type { Entity, EntityRef } from '#domain/entity.ts';
import type { ExplainedFinding } from '#domain/explanation.ts';
import type { Failure } from '#domain/failure.ts';
import type { HealthReport } from '#domain/health-report.ts';
import type { Verdict } from '#domain/verdict.ts';
import { timestampOrNull } from './handler.ts';

type ChannelHealth = Answer<'getChannelHealth'>['body'];
type Judgement = Pick<
  ChannelHealth,
  'messaging' | 'calling' | 'reported' | 'effects' | 'reason' | 'entities' | 'findings'
>;

export function judgementView(assessment: Assessment, report: HealthReport | null): Judgement {
  const { verdicts, since } = assessment.standing;
  const calling = verdicts.calling;
  return {
    messaging: verdictView(verdicts.messaging, since?.messaging ?? null),
    calling: calling && verdictView(calling, since?.calling ?? null),
    reported: verdicts.reported,
    effects: effectsView(assessment.effects),
    reason: assessment.reason && findingView(assessment.reason),
    entities: (report?.entities ?? []).map(entityView),
    findings: assessment.findings.map(findingView),
  };
}

function verdictView(verdict: Verdict, since: number | null): ChannelHealth['messaging'] {
  const { status, basis, reason, decidedBy } = verdict;
  return {
    status,
    basis,
    reason,
    decided_by: decidedBy.map(({ type, id }: EntityRef) => ({ type, id })),
    since: timestampOrNull(since),
  };
}

function effectsView(effects: Effects): ChannelHealth['effects'] {
  const { business_initiated, replies, inbound, calling } = effects;
  return { business_initiated, replies, inbound, calling };
}

function entityView({ type, id, words, errors, info }: Entity): ChannelHealth['entities'][number] {
  return {
    type,
    id,
    can_send_message: words.messaging,
    can_receive_call_sip: words.calling,
    errors: errors.map(({ code, description, solution }) => ({ code, description, solution })),
    info: [...info],
  };
}

export function findingView(finding: ExplainedFinding): ChannelHealth['findings'][number] {
  const { subject, kind, code, capability, text, solution, explanation } = finding;
  const claim = (effect: EffectName) => explanation.effects[effect] ?? null;
  return {
    subject: {
      kind: subject.kind,
      type: subject.kind === 'entity' ? subject.type : null,
      id: subject.id,
    },
    kind,
    code,
    capability,
    meaning: explanation.meaning,
    known: explanation.known,
    effects: {
      business_initiated: claim('business_initiated'),
      replies: claim('replies'),
      inbound: claim('inbound'),
      calling: claim('calling'),
    },
    actor: explanation.actor,
    remedy: { text: explanation.remedy.text, link: explanation.remedy.link },
    text,
    solution,
  };
}

export function failureView(failure: Failure): NonNullable<Answer<'checkNode'>['body']['failure']> {
  return {
    code: failure.code,
    detail: failure.detail,
    http_status: failure.httpStatus,
    graph_code: failure.graphCode,
    graph_subcode: failure.graphSubcode,
    retry_after_seconds:
      failure.retryAfterMs === null ? null : Math.ceil(failure.retryAfterMs / 1000),
    trace_id: failure.traceId,
  };
}
