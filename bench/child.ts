/** Processes under measurement: started on a core of their own, watched, and always ended. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';

/** How long a process may take to say that it is ready, and to end. */
const START_MS_MAX = 30_000;
const STOP_MS_MAX = 10_000;

/** What is measured runs here, alone; load and upstream run there. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

export interface ChildOptions {
  /** The core to run on; ignored where the machine cannot pin. */
  readonly core?: number;
  /** What it reads; without it, its standard input stays open until we end. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** The first line of its standard output that matches. Rejects when it ends or takes too long. */
  line(wanted: RegExp): Promise<string>;
  stop(): Promise<void>;
}

/** Whether `taskset` can pin processes, and there is more than one core to pin to. */
export const canPin: boolean = cpus().length > 1 && isInstalled('taskset');

export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** Starts a program; what it writes to standard error is ours to see. */
export function start(command: readonly string[], options: ChildOptions = {}): Child {
  const [program = '', ...args] = pinned(command, options.core);
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
  });
  if (options.input !== undefined) child.stdin.end(options.input);
  const lines = new Lines(child);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
    await ended;
    clearTimeout(kill);
  };
  return {
    pid: child.pid ?? 0,
    line: (wanted) => lines.first(wanted, command.join(' ')),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Runs a program to its end and gives what it wrote; rejects when it failed. */
export async function run(command: readonly string[], options: ChildOptions = {}): Promise<string> {
  const [program = '', ...args] = pinned(command, options.core);
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
  });
  // A program that reads nothing may be gone before this is written; its exit code says how it went.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const ended = once(child, 'exit');
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) output += String(chunk);
  await ended;
  if (child.exitCode === 0) return output;
  throw new Error(`"${command.join(' ')}" ended with ${child.exitCode ?? child.signalCode}`);
}

function pinned(command: readonly string[], core: number | undefined): readonly string[] {
  return core === undefined || !canPin ? command : ['taskset', '-c', String(core), ...command];
}

/** Keeps what a process has said, so that asking late for an early line finds it. */
class Lines {
  readonly #said: string[] = [];
  #arrived = Promise.withResolvers<void>();
  #ended = false;

  constructor(child: ChildProcess) {
    if (child.stdout === null) throw new Error('the output of this process is not ours to read');
    const reader = createInterface(child.stdout);
    reader.on('line', (line) => {
      if (this.#said.length < 1_000) this.#said.push(line);
      this.#wake();
    });
    reader.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  async first(wanted: RegExp, command: string): Promise<string> {
    const deadline = performance.now() + START_MS_MAX;
    const tick = setInterval(() => this.#wake(), 1_000);
    try {
      while (performance.now() < deadline) {
        const line = this.#said.find((said) => wanted.test(said));
        if (line !== undefined) return line;
        if (this.#ended) break;
        await this.#arrived.promise;
      }
    } finally {
      clearInterval(tick);
    }
    throw new Error(`"${command}" did not say ${wanted} in time`);
  }

  #wake(): void {
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers();
  }
}
