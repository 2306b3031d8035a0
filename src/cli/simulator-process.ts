/** The simulator as a process of its own, as everything that uses it sees it: over HTTP. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Problem } from '#domain/problem.ts';

/** The program's file. */
export const SIMULATOR_MAIN = fileURLToPath(import.meta.resolve('#simulator/main.ts'));

export interface SimulatorProcess extends AsyncDisposable {
  /** The base addresses of what it simulates. */
  readonly graphUrl: string;
  readonly dialog360Url: string;
  /** Does these things to the simulated world; throws when the simulator refuses one. */
  act(...actions: readonly Readonly<Record<string, string>>[]): Promise<void>;
}

const READY_MS = 30_000;
const ACT_MS = 10_000;

/** Starts one with a world read from this file; it ends with this process, however that ends. */
export async function startSimulatorProcess(worldFile: string): Promise<SimulatorProcess> {
  const args = [SIMULATOR_MAIN, '--world', worldFile, '--no-quotas', '--until-stdin-ends'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {}); // it may have ended already
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    const lines = createInterface({ input: child.stdout });
    const [line]: unknown[] = await once(lines, 'line', { signal: AbortSignal.timeout(READY_MS) });
    const { graph, dialog360, control } = readyLine(String(line));
    return {
      graphUrl: graph,
      dialog360Url: dialog360,
      act: (...actions) => post(`${control}/actions`, actions),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw new Problem('cannot_start', 'The simulator did not start.', { cause: error });
  }
}

function readyLine(line: string): Readonly<Record<'graph' | 'dialog360' | 'control', string>> {
  const said: unknown = JSON.parse(line);
  if (typeof said !== 'object' || said === null) throw new Error('it said no JSON object');
  const { graph, dialog360, control } = { graph: '', dialog360: '', control: '', ...said };
  return { graph, dialog360, control };
}

async function post(url: string, body: unknown): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const call = request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(ACT_MS),
  });
  call.on('response', resolve).on('error', reject).end(JSON.stringify(body));
  const response = await promise;
  let said = '';
  for await (const chunk of response.setEncoding('utf8')) said += String(chunk);
  if (response.statusCode !== 200) throw new Error(`the simulator refused: ${said}`);
}
