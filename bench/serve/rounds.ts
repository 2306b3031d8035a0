/** Alternating rounds: whatever the machine does meanwhile, it does to all servers. */
import { LOAD_CORE } from '#bench/child.ts';
import type { LoadGenerator, LoadResult } from '#bench/load/load.ts';
import { median } from '#bench/median.ts';
import { cpuSeconds } from '#bench/process-time.ts';
import type { Server } from './peers.ts';

export interface RoundsOptions {
  readonly generator: LoadGenerator;
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly say: (line: string) => void;
}

interface Row {
  readonly round: number;
  readonly name: Server['name'];
  readonly perSecond: number;
  /** Processor seconds of the server for 100,000 requests; null where the system does not tell. */
  readonly cpuSeconds: number | null;
  readonly errors: number;
}

const WARM_UP_SECONDS = 2;

/** Prints each measurement, and gives our requests per second relative to each peer's: medians of rounds. */
export async function measureRounds(
  servers: readonly Server[],
  options: RoundsOptions,
): Promise<Readonly<Record<string, number>>> {
  for (const server of servers) await loadOn(server, { ...options, seconds: WARM_UP_SECONDS });
  options.say('round  server         req/s  cpu s per 100k  errors');
  const rows: Row[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const server of rotated(servers, round)) {
      const row = await measured(server, round, options);
      options.say(shown(row));
      rows.push(row);
    }
  }
  for (const { name } of servers) options.say(medianLine(rows.filter((row) => row.name === name)));
  return ratiosOf(rows);
}

/** Each round begins with another server, so that none profits from its place. */
function rotated(servers: readonly Server[], round: number): readonly Server[] {
  const from = round % servers.length;
  return [...servers.slice(from), ...servers.slice(0, from)];
}

async function measured(server: Server, round: number, options: RoundsOptions): Promise<Row> {
  const before = cpuSeconds(server.pid);
  const { requests, seconds, errors } = await loadOn(server, options);
  const after = cpuSeconds(server.pid);
  const used = before === null || after === null ? null : after - before;
  return {
    round,
    name: server.name,
    perSecond: requests / seconds,
    cpuSeconds: used === null ? null : (used / requests) * 100_000,
    errors,
  };
}

async function loadOn(
  server: Server,
  { generator, connections, seconds }: RoundsOptions,
): Promise<LoadResult> {
  return await generator.load(server.target, { connections, seconds, core: LOAD_CORE });
}

function shown({ round, name, perSecond, cpuSeconds: used, errors }: Row): string {
  return line(String(round), { name, perSecond, used, errors });
}

function medianLine(rows: readonly Row[]): string {
  const used = rows.map((row) => row.cpuSeconds).filter((seconds) => seconds !== null);
  return line('median', {
    name: rows[0]?.name ?? '',
    perSecond: median(rows.map((row) => row.perSecond)),
    used: used.length === 0 ? null : median(used),
    errors: rows.reduce((sum, row) => sum + row.errors, 0),
  });
}

function line(
  first: string,
  at: { name: string; perSecond: number; used: number | null; errors: number },
): string {
  const cells = [
    first.padEnd(6),
    at.name.padEnd(12),
    at.perSecond.toFixed(0).padStart(7),
    (at.used?.toFixed(3) ?? 'unknown').padStart(15),
    String(at.errors).padStart(7),
  ];
  return cells.join(' ');
}

/** The median of the ratios within each round: a slow moment of the machine cancels out. */
function ratiosOf(rows: readonly Row[]): Readonly<Record<string, number>> {
  const own = rows.filter((row) => row.name === 'waba-health');
  const peers = [...new Set(rows.map((row) => row.name))].filter((name) => name !== 'waba-health');
  return Object.fromEntries(
    peers.map((peer) => [
      peer,
      median(
        own.map(({ round, perSecond }) => {
          const other = rows.find((row) => row.round === round && row.name === peer);
          return perSecond / (other?.perSecond ?? Number.NaN);
        }),
      ),
    ]),
  );
}
