import type { ClientCommand } from '#cli/client-command.ts';
import { textFlag } from '#cli/flags.ts';
import { backupText } from '#cli/text/store-text.ts';

/** A large database takes its time, and is read once more to check the copy. */
const TIMEOUT_MS = 3_600_000;

export const dbBackup: ClientCommand = {
  signature: 'backup',
  summary: 'Copy the database of a running server to a file of that server, and check the copy.',
  timeoutMs: TIMEOUT_MS,
  configure(command) {
    command.option(
      '--to <path>',
      'An absolute path on the server, to a file that does not exist yet. ' +
        'Default: a new file in backups of the data directory.',
    );
  },
  async run({ client, flags }) {
    const to = textFlag(flags, 'to');
    const { body } = await client.makeBackup({ body: to === undefined ? {} : { to } });
    return { json: body, text: backupText(body) };
  },
};
