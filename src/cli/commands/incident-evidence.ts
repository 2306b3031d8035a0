import { resolve } from 'node:path';
import type { ClientCommand } from '#cli/client-command.ts';
import { hasFlag, textFlag } from '#cli/flags.ts';
import { writeNewOwnFile } from '#cli/own-new-file.ts';
import { evidenceText } from '#cli/text/evidence-text.ts';
import { inert } from '#cli/text/inert.ts';

export const incidentEvidence: ClientCommand = {
  signature: 'evidence <incident>',
  summary: 'Write what the support of Meta or of 360dialog needs into files, without secrets.',
  configure(command) {
    command
      .option('--to <file>', 'The files, without .json and .txt. Default: incident-<number>.')
      .option('--labels', 'With the labels of the channels, which are of no use to Meta.');
  },
  async run({ client, args: [ref = ''], flags }) {
    const query = { labels: hasFlag(flags, 'labels') };
    const { body } = await client.getEvidence({ params: { ref }, query });
    const base = resolve(textFlag(flags, 'to') ?? `incident-${body.incident.number}`);
    const files = [`${base}.json`, `${base}.txt`] as const;
    await writeNewOwnFile(files[0], `${JSON.stringify(body, null, 2)}\n`);
    await writeNewOwnFile(files[1], evidenceText(body));
    return {
      json: { files },
      text:
        `The evidence about incident ${body.incident.number} is in\n  ${inert(files[0])}\n  ` +
        `${inert(files[1])}\nOnly you can read them. Look through them before you send them.`,
    };
  },
};
