/** Signals, a line for each. */
import type { Answer } from '#api/call.ts';
import { momentText } from '#domain/moment-text.ts';
import { channelText } from './channel-text.ts';
import { inert } from './inert.ts';
import { tableText } from './layout.ts';

type SignalView = Answer<'listSignals'>['body']['items'][number];

/** In the order in which they are given. */
export function signalsText(items: readonly SignalView[]): string {
  const rows = items.map((item) => [
    momentText(Date.parse(item.received_at), { seconds: true }),
    inert(item.source),
    inert(item.known ? item.weight : 'unknown'),
    whomText(item),
    inert(item.field),
    `${inert(item.summary)}${item.count > 1 ? ` (${item.count} times)` : ''}`,
  ]);
  return tableText({ head: ['When', 'From', 'Weight', 'About', 'Field', 'What'], rows });
}

/** The channel by its name, else the entity, else whatever it names. */
function whomText({ channel, subject, waba_id, digits }: SignalView): string {
  if (channel !== null) return channelText(channel);
  if (subject !== null) return inert(`${subject.type} ${subject.id ?? ''}`);
  if (digits !== null) return inert(`+${digits}`);
  return waba_id === null ? '–' : inert(`WABA ${waba_id}`);
}
