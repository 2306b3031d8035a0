/** `simulate`: the simulator of Meta and 360dialog, as a process of its own that shares our output. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from 'commander';
import type { Session } from '#cli/client-command.ts';
import { SIMULATOR_MAIN } from '#cli/simulator-process.ts';
import { stopSignal } from '#cli/stop-signal.ts';

export function addSimulate(program: Command, session: Session): void {
  const command = program
    .command('simulate')
    .description(
      'Run the simulator of Meta and 360dialog; its options follow, see simulate --help.',
    )
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments();
  command.action(async () => {
    session.exitCode = await simulate(command.args);
  });
}

async function simulate(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [SIMULATOR_MAIN, ...args], { stdio: 'inherit' });
  void stopSignal().then((signal) => child.kill(signal));
  const [code]: unknown[] = await once(child, 'exit');
  return typeof code === 'number' ? code : 0;
}
