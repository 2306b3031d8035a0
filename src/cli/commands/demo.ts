/** `demo`: everything at work on this machine, with nothing but what `npm ci` brought. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { Command } from 'commander';
import type { Session } from '#cli/client-command.ts';
import { runDemo } from '#cli/demo/run-demo.ts';
import type { DemoServer } from '#cli/demo/run-demo.ts';
import { hasFlag } from '#cli/flags.ts';
import type { SimulatorProcess } from '#cli/simulator-process.ts';
import { stopSignal } from '#cli/stop-signal.ts';
import type { Terminal } from '#cli/terminal.ts';
import { loadServerOptions } from '#config/load.ts';

const PORT = 8360;

export function addDemo(program: Command, { terminal }: Session): void {
  const command = program
    .command('demo')
    .description('Show it working: a simulated fleet in every state, in a temporary directory.')
    .option('--once', 'Print the fleet and end.');
  command.action(async () => {
    const stopped = stopSignal();
    const startServer = (dataDir: string, simulator: SimulatorProcess) =>
      startDemoServer({ terminal, dataDir, simulator });
    await runDemo({ terminal, once: hasFlag(command.opts(), 'once'), stopped, startServer });
  });
}

interface DemoServerWish {
  readonly terminal: Terminal;
  readonly dataDir: string;
  readonly simulator: SimulatorProcess;
}

async function startDemoServer({ terminal, dataDir, simulator }: DemoServerWish) {
  // Loaded here, so that the commands that are clients start without the server's packages.
  const [{ createLog }, { start }, { systemClock }] = await Promise.all([
    import('#app/log.ts'),
    import('#app/start.ts'),
    import('#app/system-clock.ts'),
  ]);
  const isFree = await isPortFree(PORT);
  if (!isFree) terminal.out(`Port ${PORT} is taken, so the server listens on another one.`);
  // Nothing of the caller's environment: the demo is the same everywhere.
  const options = loadServerOptions({
    flags: {
      dataDir,
      listen: `127.0.0.1:${isFree ? PORT : 0}`,
      graphUrl: simulator.graphUrl,
      dialog360Url: simulator.dialog360Url,
      // Rejections are real here, so the read that confirms one can follow at once.
      confirmAfter: '0s',
      // Nobody wants to look for five minutes.
      recoverAfter: '30s',
      receiverAllow: ['127.0.0.1'],
    },
    env: {},
    readFile: () => new Uint8Array(),
  });
  const log = createLog({ level: 'error', clock: systemClock });
  const server: DemoServer = await start(options, { log, version: terminal.version });
  return server;
}

async function isPortFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}
