/** Load on one URL: by wrk where it is installed, else by a generator of our own. */
import { join } from 'node:path';
import { z } from 'zod';
import { isInstalled, run } from '#bench/child.ts';

export interface Target {
  readonly url: string;
  readonly key: string;
}

interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
  readonly core: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Connections that broke, time-outs, and answers other than 2xx and 3xx. */
  readonly errors: number;
}

const RESULT = z.object({ requests: z.int(), seconds: z.number(), errors: z.int() });

export interface LoadGenerator {
  readonly name: string;
  load(target: Target, options: LoadOptions): Promise<LoadResult>;
}

export function loadGenerator(): LoadGenerator {
  return isInstalled('wrk') ? WRK : OWN;
}

const WRK: LoadGenerator = {
  name: 'wrk',
  async load({ url, key }, { connections, seconds, core }) {
    const header = `D360-API-KEY: ${key}`;
    const flags = ['-t1', `-c${connections}`, `-d${seconds}s`, '-H', header];
    return readWrk(await run(['wrk', ...flags, url], { core }));
  },
};

const OWN: LoadGenerator = {
  name: 'our own generator',
  async load({ url, key }, { connections, seconds, core }) {
    const script = join(import.meta.dirname, 'keep-asking.ts');
    const question = JSON.stringify({ url, key, connections, seconds });
    const output = await run([process.execPath, script], { core, input: question });
    return RESULT.parse(JSON.parse(output));
  },
};

/** Reads wrk's summary; throws when it is not one. */
export function readWrk(output: string): LoadResult {
  const [, requests, time, unit] = /(\d+) requests in ([\d.]+)(us|ms|s|m),/.exec(output) ?? [];
  const seconds = Number(time) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (!(seconds > 0)) throw new Error(`wrk said something unexpected:\n${output}`);
  const sockets = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(
    output,
  );
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(output);
  const errors = [...(sockets?.slice(1) ?? []), ...(bad?.slice(1) ?? [])].map(Number);
  return {
    requests: Number(requests),
    seconds,
    errors: errors.reduce((sum, each) => sum + each, 0),
  };
}

const UNITS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60 };
