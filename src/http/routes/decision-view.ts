/** What would be decided about a receiver, as the API shows it. */
import type { Answer } from '#api/call.ts';
import type { ReceiverId } from '#domain/id.ts';
import type { TriedDecision } from '#monitor/telling/dry-run.ts';
import type { Link } from './names.ts';

export function decisionView(
  { receiverId, urgency, state, rule, reason }: TriedDecision,
  links: ReadonlyMap<ReceiverId, Link>,
): Answer<'tryRules'>['body']['items'][number] {
  return {
    receiver: links.get(receiverId) ?? { id: receiverId, name: receiverId },
    urgency,
    is_told: state === 'pending',
    state,
    rule,
    reason,
  };
}
