/**
 * How fast a stored answer is served, beside a bare `node:http` server and nginx's cache; what ten
 * thousand requests on a key that was never read cost; and how soon a restarted server answers.
 */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { canPin } from '#bench/child.ts';
import { loadGenerator } from '#bench/load/load.ts';
import { machineFacts } from '#bench/machine.ts';
import { measureColdKey } from './cold-key.ts';
import { measureFirstAnswer } from './first-answer.ts';
import { startInstallation } from './installation.ts';
import { nginxProgram } from './nginx.ts';
import { startPeers } from './peers.ts';
import { measureRounds } from './rounds.ts';

const OPTIONS = {
  rounds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '4' },
  connections: { type: 'string', default: '64' },
  channels: { type: 'string', default: '10000' },
  concurrent: { type: 'string', default: '10000' },
} as const;

export async function serveBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const generator = loadGenerator();
  say(`machine: ${machineFacts()}`);
  say(`cores: ${canPin ? 'servers on 0, load and upstream on 1' : 'not pinned, figures mix'}`);
  say(`load: ${generator.name}, ${values.connections} connections, ${values.seconds} s a round`);
  const nginx = nginxProgram();
  if (nginx === null) say('nginx: not installed, so there is no ratio to it');

  const folder = await mkdtemp(join(tmpdir(), 'waba-health-bench-'));
  try {
    await using installation = await startInstallation(folder, Number(values.channels));
    await using peers = await startPeers({ installation, folder, nginx });
    const ratios = await measureRounds(peers.servers, {
      generator,
      rounds: Number(values.rounds),
      seconds: Number(values.seconds),
      connections: Number(values.connections),
      say,
    });
    await peers.stop();
    say(await measureColdKey(installation, Number(values.concurrent)));
    say(await measureFirstAnswer(installation, Number(values.channels)));
    say(`serve node=${shown(ratios['node'])} nginx=${shown(ratios['nginx'])}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function shown(ratio: number | undefined): string {
  return ratio === undefined ? 'absent' : ratio.toFixed(2);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
