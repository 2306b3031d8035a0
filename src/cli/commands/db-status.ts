/** `db status`: the store of a running server, or the one in the data directory while none runs. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { ClientProblem } from '#client/client-problem.ts';
import type { Session } from '#cli/client-command.ts';
import { connect, textsOf } from '#cli/connect.ts';
import type { Flags } from '#cli/connect.ts';
import { addTableFlags, hasFlag, textFlag } from '#cli/flags.ts';
import { storeText } from '#cli/text/store-text.ts';
import type { StoreView } from '#cli/text/store-text.ts';
import { loadClientOptions } from '#config/load.ts';
import { Problem } from '#domain/problem.ts';

export function addDbStatus(db: Command, { terminal }: Session): void {
  const command = db
    .command('status')
    .description(
      'Show engine, schema, size and rows of the database, whether a server runs or not.',
    )
    .option('--json', 'Print JSON instead of text.');
  addTableFlags(command, 'client');
  command.action(async () => {
    const flags: Flags = command.opts();
    const { store, isRunning } = await storeFor(terminal, flags);
    if (hasFlag(flags, 'json')) {
      terminal.out(JSON.stringify({ ...store, server_running: isRunning }, null, 2));
      return;
    }
    terminal.out(storeText(store));
    terminal.out(isRunning ? '  A server runs on it.' : '  No server runs on it.');
  });
}

interface Found {
  readonly store: StoreView;
  readonly isRunning: boolean;
}

async function storeFor(terminal: Session['terminal'], flags: Flags): Promise<Found> {
  try {
    const { client } = await connect(terminal, flags);
    return { store: (await client.getStore()).body, isRunning: true };
  } catch (error) {
    const isNamed = textFlag(flags, 'server') !== undefined;
    if (isNamed || !isAbsent(error)) throw error;
    const { dataDir } = loadClientOptions({
      flags: textsOf(flags),
      env: terminal.env,
      readFile: (file) => readFileSync(file),
    });
    const { stoppedStore } = await import('#app/stopped-store.ts');
    return { store: await stoppedStore(dataDir), isRunning: false };
  }
}

/** No server has said where it is, or the one that did is gone. */
function isAbsent(error: unknown): boolean {
  if (error instanceof ClientProblem) return error.code === 'unreachable';
  return error instanceof Problem && error.code === 'not_found';
}
