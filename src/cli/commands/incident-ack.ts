import type { ClientCommand } from '#cli/client-command.ts';
import { hasFlag, textFlag } from '#cli/flags.ts';
import { addByFlag, personFlag } from '#cli/person.ts';
import { momentText } from '#domain/moment-text.ts';

export const incidentAck: ClientCommand = {
  signature: 'ack <incident>',
  summary: 'Say that you are at it: no more reminders.',
  configure(command) {
    command
      .option('--note <text>', 'What you are doing, in your words; the timeline keeps it.')
      .option('--watch', 'Read its numbers every 15 s for half an hour, to see it mend.');
    addByFlag(command);
  },
  async run({ client, terminal, args: [ref = ''], flags }) {
    const { body } = await client.acknowledgeIncident({
      params: { ref },
      body: {
        by: personFlag(flags, terminal),
        note: textFlag(flags, 'note') ?? null,
        watch: hasFlag(flags, 'watch'),
      },
    });
    const watched =
      body.watch_until === null
        ? ''
        : ` Its numbers are read every 15 s until ${momentText(Date.parse(body.watch_until))}.`;
    return {
      json: body,
      text: `Incident ${body.number} is acknowledged: it is reminded of no more.${watched}`,
    };
  },
};
