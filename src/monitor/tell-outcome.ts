/** Tells what a committed outcome was, and which verdicts it changed. */
import type { Channel } from '#domain/channel.ts';
import type { Outcome } from '#domain/channel-state.ts';
import type { Transition } from '#domain/transition.ts';
import { verdictsOf } from '#domain/verdict.ts';
import type { Events } from '#ports/events.ts';

export interface ToldOutcome {
  readonly channel: Channel;
  readonly attempt: number;
  readonly outcome: Outcome;
  /** False when a newer attempt had been written already. */
  readonly written: boolean;
  readonly transitions: readonly Transition[];
  readonly tookMs: number;
}

export function tellOutcome(events: Events, told: ToldOutcome): void {
  const { channel, attempt, outcome, written, tookMs } = told;
  const channelId = channel.id;
  if (!written) {
    events.emit('check_superseded', { channelId, attempt });
    return;
  }
  events.emit('check_finished', {
    channelId,
    channel: channel.name,
    upstream: channel.upstream,
    attempt,
    tookMs,
    messaging: outcome.ok ? verdictsOf(outcome.snapshot.report).messaging.status : null,
    failure: outcome.ok ? null : outcome.failure.code,
    detail: outcome.ok ? null : outcome.failure.detail,
  });
  tellVerdicts(events, channel, told.transitions);
}

/** Tells those of these transitions that are about what may be said of a channel. */
function tellVerdicts(
  events: Events,
  { id, name }: Pick<Channel, 'id' | 'name'>,
  transitions: readonly Transition[],
): void {
  for (const { kind, capability, was, is, at } of transitions) {
    if (kind !== 'verdict' || capability === null) continue;
    events.emit('verdict_changed', { channelId: id, channel: name, capability, was, is, at });
  }
}
