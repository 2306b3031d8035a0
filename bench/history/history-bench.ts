/**
 * What looking back costs over HTTP, at a server that has months of history: the uptime of a channel that
 * changes all the time, a page of its transitions anywhere in them, and a page of the whole fleet's.
 */
import { rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { canPin } from '#bench/child.ts';
import { machineFacts } from '#bench/machine.ts';
import { quantile } from '#bench/quantile.ts';
import { RealServer } from '#bench/serve/installation.ts';
import type { Client } from '#client/create-client.ts';
import { BUSY, DAY_MS, writeHistory } from './busy-history.ts';

const OPTIONS = {
  days: { type: 'string', default: '90' },
  every: { type: 'string', default: '300' },
  channels: { type: 'string', default: '2000' },
  rounds: { type: 'string', default: '100' },
} as const;

/** Nothing is asked there: every channel is paused. */
const NOWHERE = { graph: 'http://127.0.0.1:9', dialog360: 'http://127.0.0.1:9' };
const PAGE = 200;
const WARM_UP = 5;

export async function historyBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const days = Number(values.days);
  const everyMs = Number(values.every) * 1000;
  say(`machine: ${machineFacts()}`);
  say(`cores: ${canPin ? 'server on 0' : 'not pinned, figures mix'}`);
  const folder = await mkdtemp(join(tmpdir(), 'waba-health-bench-'));
  const dataDir = join(folder, 'data');
  const server = new RealServer(dataDir, NOWHERE);
  try {
    const channels = Number(values.channels);
    const transitions = await writeHistory(dataDir, { days, everyMs, channels });
    const size = statSync(join(dataDir, 'waba-health.db')).size / 1e6;
    say(
      `history: ${days} days of a change every ${values.every} s, ${channels} channels beside it`,
    );
    say(`store: ${transitions} transitions, ${size.toFixed(0)} MB`);
    await server.start('127.0.0.1:0');
    await measure(await server.client(), { days, rounds: Number(values.rounds) });
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  client: Client,
  { days, rounds }: { readonly days: number; readonly rounds: number },
): Promise<void> {
  const now = Date.now();
  const ago = (part: number) => new Date(now - Math.floor(part * days * DAY_MS)).toISOString();
  const params = { ref: BUSY };
  const { body } = await client.getChannelUptime({ params, query: { from: ago(1) } });
  say(`uptime: ${body.messaging.uptime}, coverage ${body.messaging.coverage}`);
  if (body.messaging.coverage < 0.99) throw new Error('the history that was written is not there');
  say(`${'what'.padEnd(24)}p50 ms   p95 ms   max ms`);
  // Every round asks for another end, so that no two questions are the same.
  const uptime = await timed('uptime, whole range', rounds, async (round) => {
    const until = new Date(now - round * 1000).toISOString();
    await client.getChannelUptime({ params, query: { from: ago(1), until } });
  });
  await timed('uptime, 30 days', rounds, async (round) => {
    const until = new Date(now - round * 1000).toISOString();
    await client.getChannelUptime({ params, query: { until } });
  });
  const page = await timed('page of a channel', rounds, async (round) => {
    const query = { limit: PAGE, until: ago(round / rounds) };
    await client.listChannelTransitions({ params, query });
  });
  await timed('page of the fleet', rounds, async (round) => {
    await client.listTransitions({ query: { limit: PAGE, until: ago(round / rounds) } });
  });
  say(`history uptime_p95_ms=${uptime.toFixed(1)} page_p95_ms=${page.toFixed(1)}`);
}

/** Prints how long each of these calls took, and gives their p95 in ms. */
async function timed(
  what: string,
  rounds: number,
  call: (round: number) => Promise<void>,
): Promise<number> {
  for (let round = 0; round < WARM_UP; round += 1) await call(round);
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await call(round);
    took.push(performance.now() - start);
  }
  const cells = [0.5, 0.95, 1].map((part) => quantile(took, part).toFixed(1).padStart(6));
  say(`${what.padEnd(24)}${cells.join('   ')}`);
  return quantile(took, 0.95);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
