/** `serve`: the server itself, until a signal stops it. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Session } from '#cli/client-command.ts';
import { textsOf } from '#cli/connect.ts';
import { addTableFlags } from '#cli/flags.ts';
import { stopSignal } from '#cli/stop-signal.ts';
import { loadServerOptions } from '#config/load.ts';

export function addServe(program: Command, session: Session): void {
  const command = program
    .command('serve')
    .description('Run the server: answer GET /health_status and the management API.');
  addTableFlags(command, 'server');
  command.action(async () => serve(session, command.opts()));
}

async function serve({ terminal }: Session, flags: Record<string, unknown>): Promise<void> {
  const options = loadServerOptions({
    flags: textsOf(flags),
    env: terminal.env,
    readFile: (file) => readFileSync(file),
  });
  // Loaded here, so that the commands that are clients start without the server's packages.
  const [{ createLog }, { start }, { systemClock }] = await Promise.all([
    import('#app/log.ts'),
    import('#app/start.ts'),
    import('#app/system-clock.ts'),
  ]);
  const log = createLog({ level: options.logLevel, clock: systemClock });
  const stopped = stopSignal();
  await using server = await start(options, { log, version: terminal.version });
  terminal.out(`waba-health ${terminal.version} listens on ${server.url}`);
  if (server.metricsUrl !== null) terminal.out(`Metrics: ${server.metricsUrl}/metrics`);
  terminal.out(`Data: ${options.dataDir}`);
  if (server.adminTokenFile !== null) terminal.out(`Administrator: ${server.adminTokenFile}`);
  await stopped;
}
