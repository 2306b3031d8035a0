/** A message that only tries whether a receiver takes messages: it went all the way that an incident's goes. */
import type { Message } from '#domain/telling/message.ts';
import { line } from './incident-lines.ts';
import { shortTitle } from './incident-message.ts';
import type { Occasion } from './incident-view.ts';
import { nameText } from './names.ts';
import { zonedMoment } from './zoned-moment.ts';

/** `key` is the delivery's id: each trial is a message of its own. */
export function trialMessage(
  receiver: { readonly name: string },
  occasion: Occasion,
  key: string,
): Message {
  const name = nameText(receiver.name);
  return {
    kind: 'test',
    severity: 'info',
    phase: 'note',
    title: shortTitle(`TEST: waba-health reaches ${name}`),
    lines: [
      line(
        'What',
        'Nothing is wrong and nothing is to be done. Somebody tried whether messages arrive.',
      ),
      line('Asked for', `${zonedMoment(occasion.at, occasion)}.`),
    ],
    link: null,
    dedupKey: `waba-health:${occasion.instance}:test:${key}`,
    at: occasion.at,
    incident: null,
    labels: {},
  };
}
