/** `db copy`: the instance of the data directory, copied into a PostgreSQL database. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Session } from '#cli/client-command.ts';
import { textsOf } from '#cli/connect.ts';
import { addTableFlags } from '#cli/flags.ts';
import { loadServerOptions } from '#config/load.ts';

export function addDbCopy(db: Command, { terminal }: Session): void {
  const command = db
    .command('copy')
    .description(
      'Copy everything in the data directory into an empty PostgreSQL database, and compare each row, ' +
        'while the server is stopped. It is all there afterwards, or nothing.',
    );
  addTableFlags(command, 'server');
  command.action(async () => {
    const options = loadServerOptions({
      flags: textsOf(command.opts()),
      env: terminal.env,
      readFile: (file) => readFileSync(file),
    });
    const { copyStore } = await import('#app/copy-store.ts');
    let rows = 0;
    await copyStore(options, (copied) => {
      rows += copied.rows;
      terminal.out(`${copied.table.padEnd(18)} ${String(copied.rows).padStart(9)} rows`);
    });
    terminal.out(`Copied and compared ${rows} rows. ${options.dataDir} was left as it is.`);
    terminal.out(
      'Start the server with --database and --seal-key-file, which names the same key as',
    );
    terminal.out(
      'before (seal.key in the data directory), and give it the same administrator token.',
    );
  });
}
