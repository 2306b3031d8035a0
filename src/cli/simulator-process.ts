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
  /** Without a slash at its end; the upstreams are below `/graph` and `/dialog360`. */
  readonly url: string;
  /** Does something to the simulated world; throws when the simulator refuses it. */
  act(action: Readonly<Record<string, unknown>>): Promise<void>;
}

const READY_MS = 30_000;
const ACT_MS = 10_000;

/** Starts one with a world read from this file; it ends with this process, however that ends. */
export async function startSimulatorProcess(worldFile: string): Promise<SimulatorProcess> {
  const args = [SIMULATOR_MAIN, '--listen', '127.0.0.1:0', '--world', worldFile];
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
    const { url, control } = readyLine(String(line));
    return {
      url,
      act: (action) => post(control, action),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw new Problem('cannot_start', 'The simulator did not start.', { cause: error });
  }
}

function readyLine(line: string): { url: string; control: string } {
  const said: unknown = JSON.parse(line);
  if (typeof said === 'object' && said !== null && 'url' in said && 'control' in said) {
    return { url: String(said.url), control: String(said.control) };
  }
  throw new Error('the simulator said something else than where it listens');
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
  response.resume();
  const { statusCode = 0 } = response;
  if (statusCode >= 300) throw new Error(`the simulator refused an action with ${statusCode}`);
}
