/** A transition as the API shows it. */
import type { Answer } from '#api/call.ts';
import type { Transition } from '#domain/transition.ts';
import { timestampOf, timestampOrNull } from './handler.ts';
import { channelLink, unnamed } from './names.ts';
import type { ChannelLink } from './names.ts';

export type TransitionView = Answer<'listTransitions'>['body']['items'][number];

export function transitionView(
  transition: Transition,
  links: ReadonlyMap<string, ChannelLink>,
): TransitionView {
  const { channelId, subjectType, subjectId, attempt } = transition;
  return {
    id: transition.id,
    at: timestampOf(transition.at),
    channel: links.get(channelId) ?? channelLink(unnamed(channelId)),
    kind: transition.kind,
    series: transition.series,
    capability: transition.capability,
    subject: subjectType === null ? null : { type: subjectType, id: subjectId },
    code: transition.code,
    was: transition.was,
    is: transition.is,
    detail: transition.detail,
    evidence:
      attempt === 0
        ? null
        : {
            attempt,
            started_at: timestampOrNull(transition.startedAt),
            trace_id: transition.traceId,
            version: transition.version,
            body_before: transition.bodyBefore,
            body_after: transition.bodyAfter,
          },
  };
}
