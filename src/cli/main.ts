#!/usr/bin/env node
/** The program's entry: the only file that takes environment, arguments and streams from the process. */
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Terminal, TerminalScreen } from './terminal.ts';

// Before anything of ours is loaded: a start that finds its modules compiled takes two thirds of the
// time. The folder is the user's own, never one that others can write to; without one it goes slower.
const { HOME, XDG_CACHE_HOME } = process.env;
const caches = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
if (caches) enableCompileCache(join(caches, 'waba-health'));
const { runProgram } = await import('./program.ts');
const { styleFor } = await import('./text/style.ts');

const WIDTH_MAX = 100;
const ALIVE_MS = 60_000;

/** What a write says when whoever read our output has stopped. */
const CLOSED = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);

const terminal: Terminal = {
  env: process.env,
  version: versionOf(new URL('../../package.json', import.meta.url)),
  input: process.stdin,
  style: styleFor(process.stdout.isTTY, process.env),
  width: Math.min(WIDTH_MAX, process.stdout.columns ?? WIDTH_MAX),
  screen: process.stdout.isTTY ? screenOf(process.stdout) : null,
  now: () => Date.now(),
  pause: (ms, signal) => pause(ms, undefined, signal === undefined ? {} : { signal }),
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  pour: (bytes) =>
    new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error: NodeJS.ErrnoException | null | undefined) => {
        if (error && !CLOSED.has(error.code ?? '')) reject(error);
        else resolve(!error);
      });
    }),
  progress(text) {
    // To the start of the line, and what stood there erased.
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  },
};

// Whoever reads our output may stop reading (`… | head`): nothing is left to say to them.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// Timers of ours keep no process alive: without this, a server that waits for its database would be gone.
const alive = setInterval(() => undefined, ALIVE_MS);
process.exitCode = await runProgram(process.argv.slice(2), terminal);
clearInterval(alive);

function screenOf(stream: NodeJS.WriteStream): TerminalScreen {
  return {
    size: () => ({ columns: stream.columns, rows: stream.rows }),
    onResize(hear, signal) {
      stream.on('resize', hear);
      signal.addEventListener('abort', () => stream.off('resize', hear), { once: true });
    },
    write: (text) => void stream.write(text),
  };
}

function versionOf(file: URL): string {
  const said: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const isObject = typeof said === 'object' && said !== null && 'version' in said;
  return isObject ? String(said.version) : 'unknown';
}
