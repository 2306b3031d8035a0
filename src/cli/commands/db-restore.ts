/** `db restore`: a backup in the place of the database, while the server is stopped. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Session } from '#cli/client-command.ts';
import { textsOf } from '#cli/connect.ts';
import { addTableFlags } from '#cli/flags.ts';
import { inert } from '#cli/text/inert.ts';
import { loadServerOptions } from '#config/load.ts';

export function addDbRestore(db: Command, { terminal }: Session): void {
  const command = db
    .command('restore <file>')
    .description(
      'Put a backup in the place of the database, while the server is stopped. The backup is checked ' +
        'before anything is replaced, and the old database is kept beside it.',
    );
  addTableFlags(command, 'server');
  command.action(async (file: string) => {
    const options = loadServerOptions({
      flags: textsOf(command.opts()),
      env: terminal.env,
      readFile: (path) => readFileSync(path),
    });
    const { restoreBackup } = await import('#app/stopped-store.ts');
    const { keptAs } = await restoreBackup(options, file);
    terminal.out(`${inert(file)} is the database in ${options.dataDir} now.`);
    if (keptAs !== null) terminal.out(`The one before it is kept as ${keptAs}.`);
    terminal.out('Start the server. Its administrator token is the one of the time of the backup.');
  });
}
