/** A receiver for a person, without its secrets. */
import type { Answer } from '#api/call.ts';
import { factsText } from './facts.ts';
import { momentText } from '#domain/moment-text.ts';

export type Receiver = Answer<'getReceiver'>['body'];

export function receiverText(receiver: Receiver): string {
  return factsText({
    Name: receiver.name,
    Id: receiver.id,
    Kind: receiver.kind,
    Urgency: receiver.urgency,
    Target: receiver.hint,
    'Time zone': receiver.zone ?? 'UTC alone',
    Added: receiver.created_at,
    Updated: receiver.updated_at,
    ...Object.fromEntries(
      Object.entries(receiver.settings).map(([name, value]) => [`Setting ${name}`, value]),
    ),
    State: receiverStateText(receiver),
  });
}

/** `works`, or what is wrong and since when. */
export function receiverStateText(receiver: Receiver): string {
  const { broken_at: broken, held_until: held, failures_in_a_row: failures } = receiver;
  if (broken !== null) return `takes nothing since ${momentText(Date.parse(broken))}`;
  if (held !== null) return `wants peace until ${momentText(Date.parse(held))}`;
  return failures === 0 ? 'works' : `the last ${failures} attempts failed`;
}
