/** Processes of the journeys: ours, started without a shell, with an environment of their own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export const CLI_MAIN = fileURLToPath(import.meta.resolve('#cli/main.ts'));

/** Whatever hangs is killed after this, and its test fails by what it said until then. */
const LIMIT_MS = 60_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; closed after it. */
  readonly input?: string;
  /** An open file as standard input instead. */
  readonly inputFd?: number;
  /** When it is killed as hanging, in ms, where a minute is too little. */
  readonly limitMs?: number;
}

/** Runs Node on a file of ours to its end. */
export async function run(file: string, args: readonly string[], options: RunOptions = {}) {
  const { child, closed } = launched(file, args, options);
  child.stdin?.on('error', () => {}); // it may end without reading its input
  child.stdin?.end(options.input ?? '');
  return closed;
}

export interface Running extends AsyncDisposable {
  readonly pid: number;
  /** What it has written until now. */
  stdout(): string;
  stderr(): string;
  /** Resolves with the first line of its output that matches; rejects when it ends without one. */
  line(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended. */
  ended(): Promise<Ended>;
}

/** Starts Node on a file of ours; the end of the test ends it too. */
export function startProcess(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Running {
  const { child, stdout, stderr, closed } = launched(file, args, options);
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout.text(),
    stderr: () => stderr.text(),
    line: (pattern) => lineOf(pattern, { stdout, stderr, closed }),
    kill: (signal) => void child.kill(signal),
    ended: () => closed,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

function launched(
  file: string,
  args: readonly string[],
  { env, inputFd, limitMs = LIMIT_MS }: RunOptions,
) {
  const child = spawn(process.execPath, [file, ...args], {
    env: environment(env),
    stdio: [inputFd ?? 'pipe', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  assert.ok(child.stdout !== null && child.stderr !== null);
  const stdout = collected(child.stdout);
  const stderr = collected(child.stderr);
  return { child, stdout, stderr, closed: endOf(child, stdout, stderr) };
}

async function endOf(child: ChildProcess, stdout: Collected, stderr: Collected): Promise<Ended> {
  const [code, signal]: unknown[] = await once(child, 'close');
  return {
    code: typeof code === 'number' ? code : null,
    signal: isSignal(signal) ? signal : null,
    stdout: stdout.text(),
    stderr: stderr.text(),
  };
}

interface Collected {
  text(): string;
  /** Calls back now and with each new piece, until the callback gives true. */
  watch(done: (text: string) => boolean): void;
}

function collected(stream: Readable): Collected {
  let text = '';
  stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return {
    text: () => text,
    watch(done) {
      if (done(text)) return;
      const listener = () => {
        if (done(text)) stream.off('data', listener);
      };
      stream.on('data', listener);
    },
  };
}

async function lineOf(
  pattern: RegExp,
  { stdout, stderr, closed }: { stdout: Collected; stderr: Collected; closed: Promise<Ended> },
): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  stdout.watch((text) => {
    // The last piece may be half a line.
    const line = text
      .split('\n')
      .slice(0, -1)
      .find((each) => pattern.test(each));
    if (line !== undefined) resolve(line);
    return line !== undefined;
  });
  const line = await Promise.race([promise, closed]);
  if (typeof line === 'string') return line;
  throw new Error(`It ended without a line like ${pattern}:\n${line.stdout}${stderr.text()}`);
}

/** Nothing of the developer's own settings, and no colour. */
function environment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '', SystemRoot = '' } = process.env;
  return { PATH, SystemRoot, HOME: '/nonexistent', NO_COLOR: '1', ...extra };
}

function isSignal(value: unknown): value is NodeJS.Signals {
  return typeof value === 'string' && value.startsWith('SIG');
}
