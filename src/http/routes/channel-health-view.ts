/** All that is known of a channel's health at this moment, as the API shows it. */
import type { Answer } from '#api/call.ts';
import type { Assessment } from '#domain/assessment.ts';
import { assessmentOf } from '#domain/assessment.ts';
import type { BilledBy } from '#domain/billing.ts';
import type { Channel } from '#domain/channel.ts';
import type { ChannelState, LastFailure } from '#domain/channel-state.ts';
import { standingOf } from '#domain/channel-state.ts';
import type { Trust } from '#domain/trust.ts';
import type { HttpContext } from '#http/context.ts';
import type { NumberNames } from '#ports/profiles.ts';
import type { ChannelRow } from '#ports/store.ts';
import { timestampOf, timestampOrNull } from './handler.ts';
import { failureView, judgementView } from './judgement-view.ts';

type ChannelHealth = Answer<'getChannelHealth'>['body'];

export interface HealthFacts {
  readonly channel: Channel;
  readonly state: ChannelState;
  readonly billedBy: BilledBy;
  readonly names: NumberNames;
}

export function channelHealthView(facts: HealthFacts, context: HttpContext): ChannelHealth {
  const { channel, state } = facts;
  const { good } = state;
  const assessment = assess(facts, context);
  return {
    channel: { id: channel.id, name: channel.name },
    display_number: facts.names.displayNumber,
    verified_name: facts.names.verifiedName,
    upstream: channel.upstream,
    ...judgementView(assessment, good?.report ?? null),
    last_known: lastKnownView(assessment),
    trust: trustView(state.trust),
    read_at: timestampOrNull(good?.readAt),
    attempt: state.attempt,
    served: good && { version: good.served.version, trace_id: good.served.traceId },
    failure: state.lastFailure && lastFailureView(state.lastFailure),
  };
}

/** The short form, cheap enough for each row of a listing. */
export function channelStatusView(
  { channel, state }: ChannelRow,
  now: number,
): Answer<'getChannel'>['body']['status'] {
  const { verdicts, since } = standingOf(state, channel.intervalMs, now);
  return {
    messaging: verdicts.messaging.status,
    calling: verdicts.calling?.status ?? null,
    unknown_reason: verdicts.messaging.reason,
    since: timestampOrNull(since?.messaging),
    calling_since: timestampOrNull(since?.calling),
    read_at: timestampOrNull(state.good?.readAt),
    failure: state.lastFailure?.failure.code ?? null,
  };
}

function assess({ channel, state, billedBy }: HealthFacts, context: HttpContext): Assessment {
  return assessmentOf(state, {
    checkIntervalMs: channel.intervalMs,
    upstream: channel.upstream,
    billedBy,
    credentialId: channel.credentialId,
    now: context.clock.now(),
    sha256Hex: (text) => context.digest.sha256Hex(text),
  });
}

function lastKnownView({ standing: { lastKnown } }: Assessment): ChannelHealth['last_known'] {
  if (lastKnown === null) return null;
  const { messaging, calling, ageMs } = lastKnown;
  return { messaging, calling, age_seconds: Math.floor(ageMs / 1000) };
}

function trustView(trust: Trust): ChannelHealth['trust'] {
  if (trust.state === 'trusted') return { state: 'trusted', code: null, since: null };
  return { state: trust.state, code: trust.code, since: timestampOf(trust.since) };
}

function lastFailureView(last: LastFailure): NonNullable<ChannelHealth['failure']> {
  return {
    ...failureView(last.failure),
    at: timestampOf(last.at),
    attempt: last.attempt,
    in_a_row: last.inARow,
  };
}
