import type { ClientCommand } from '#cli/client-command.ts';
import { textFlag } from '#cli/flags.ts';
import { addByFlag, personFlag } from '#cli/person.ts';

export const incidentResolve: ClientCommand = {
  signature: 'resolve <incident>',
  summary: 'Close an incident by hand; it stays closed until a good read was seen.',
  configure(command) {
    command.option('--note <text>', 'Why, in your words; the timeline keeps it.');
    addByFlag(command);
  },
  async run({ client, terminal, args: [ref = ''], flags }) {
    const { body } = await client.resolveIncident({
      params: { ref },
      body: { by: personFlag(flags, terminal), note: textFlag(flags, 'note') ?? null },
    });
    return {
      json: body,
      text: `Incident ${body.number} is closed. It opens again only after a good read was seen.`,
    };
  },
};
