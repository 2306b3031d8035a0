/** `db admin-token`: a new administrator's token, for whoever owns the data directory. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Session } from '#cli/client-command.ts';
import { textsOf } from '#cli/connect.ts';
import { addTableFlags } from '#cli/flags.ts';
import { loadServerOptions } from '#config/load.ts';

export function addDbAdminToken(db: Command, { terminal }: Session): void {
  const command = db
    .command('admin-token')
    .description('Make a new administrator token while the server is stopped; the old one ends.');
  addTableFlags(command, 'server');
  command.action(async () => {
    const options = loadServerOptions({
      flags: textsOf(command.opts()),
      env: terminal.env,
      readFile: (file) => readFileSync(file),
    });
    const { renewAdminToken } = await import('#app/renew-admin-token.ts');
    const file = await renewAdminToken(options);
    terminal.out(`A new administrator's token is in ${file}. The old one has ended.`);
  });
}
