/**
 * What watching a fleet costs: 100,000 numbers every minute on one core, against the simulator on the other;
 * the same with a tenth of them, with a token for each WABA, and on PostgreSQL.
 */
import { parseArgs } from 'node:util';
import { canPin } from '#bench/child.ts';
import { machineFacts } from '#bench/machine.ts';
import { startPostgres } from '#test/fakes/postgres.ts';
import { measureFleet } from './measure.ts';
import type { FleetCase, FleetFigures } from './measure.ts';

const OPTIONS = {
  channels: { type: 'string', default: '100000' },
  interval: { type: 'string', default: '60' },
  rounds: { type: 'string', default: '3' },
  seconds: { type: 'string', default: '20' },
  /** `all`, or some of small, large, wabas, postgres, with commas between. */
  cases: { type: 'string', default: 'all' },
} as const;

/** A token for 5,000 numbers, and 20 numbers in each WABA. */
const NUMBERS_PER_TOKEN = 5_000;
const NUMBERS_PER_WABA = 20;
/** Above this share of its core the simulator is what was measured. */
const BUSY = 0.9;
const MILLION = { channels: 1_000_000, everySeconds: 300 };

export async function fleetBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const channels = Number(values.channels);
  say(`machine: ${machineFacts()}`);
  say(
    `cores: ${canPin ? 'server on 0, simulator and PostgreSQL on 1' : 'not pinned, figures mix'}`,
  );
  say(`world: ${channels} numbers every ${values.interval} s, 1 % of statuses change an hour`);
  await using postgres = await startPostgres();
  const wanted = values.cases.split(',');
  const cases = casesOf(channels, Number(values.interval) * 1_000, () => postgres.createDatabase());
  const figures = new Map<string, FleetFigures>();
  for (const [key, one] of Object.entries(cases)) {
    if (values.cases !== 'all' && !wanted.includes(key)) continue;
    const rounds = { rounds: Number(values.rounds), seconds: Number(values.seconds) };
    const measured = await measureFleet(one, rounds);
    figures.set(key, measured);
    for (const line of linesOf(one, measured)) say(line);
  }
  for (const line of comparison(cases, figures)) say(line);
  const large = figures.get('large') ?? [...figures.values()].at(-1);
  if (large !== undefined) say(lastLine(channels, large));
}

function casesOf(channels: number, intervalMs: number, database: () => Promise<string>) {
  const sized = (numbers: number, perToken: number) => ({
    numbers,
    wabas: Math.ceil(numbers / NUMBERS_PER_WABA),
    tokens: Math.ceil(numbers / perToken),
  });
  const small = Math.ceil(channels / 10);
  const plain = { intervalMs, database: null };
  return {
    small: { ...plain, name: `SQLite, ${small}`, size: sized(small, NUMBERS_PER_TOKEN) },
    large: { ...plain, name: `SQLite, ${channels}`, size: sized(channels, NUMBERS_PER_TOKEN) },
    wabas: {
      ...plain,
      name: `SQLite, ${channels}, a token for each WABA`,
      size: sized(channels, NUMBERS_PER_WABA),
    },
    postgres: {
      intervalMs,
      database,
      name: `PostgreSQL, ${channels}`,
      size: sized(channels, NUMBERS_PER_TOKEN),
    },
  } satisfies Record<string, FleetCase>;
}

function linesOf({ name }: FleetCase, figures: FleetFigures): readonly string[] {
  const growth = figures.bytesPerChannelDay;
  const parts = [
    `${figures.checksPerSecond.toFixed(0)} checks/s`,
    `lag p50 ${figures.lagP50Ms.toFixed(0)} ms, p99 ${figures.lagP99Ms.toFixed(0)} ms`,
    `${figures.tripsPerCheck.toFixed(4)} round trips per check`,
    `server ${figures.serverCores.toFixed(2)} cores`,
    `simulator ${figures.simulatorCores.toFixed(2)} cores`,
    `RSS ${figures.rssMb.toFixed(0)} MB`,
    ...(growth === null ? [] : [`database +${growth.toFixed(0)} bytes per channel and day`]),
  ];
  const busy = figures.simulatorCores > BUSY;
  return [
    `${name}: ${parts.join('; ')}`,
    ...(busy ? ['  the simulator was busy: this measured the simulator'] : []),
  ];
}

/** How cost grows from a tenth of the fleet to all of it, and what that slope means for a million. */
function comparison(
  cases: ReturnType<typeof casesOf>,
  figures: ReadonlyMap<string, FleetFigures>,
): readonly string[] {
  const [small, large] = [figures.get('small'), figures.get('large')];
  if (small === undefined || large === undefined) return [];
  const [few, many] = [small.checksPerSecond, large.checksPerSecond];
  const slope = (large.serverCores - small.serverCores) / (many - few);
  const wanted = MILLION.channels / MILLION.everySeconds;
  const cores = small.serverCores + slope * (wanted - few);
  const perChannel =
    (large.rssMb - small.rssMb) / (cases.large.size.numbers - cases.small.size.numbers);
  const rss = small.rssMb + perChannel * (MILLION.channels - cases.small.size.numbers);
  return [
    `growth: ${(many / few).toFixed(1)} x the checks cost ${(large.serverCores / small.serverCores).toFixed(1)} x ` +
      `the processor time and ${(large.rssMb / small.rssMb).toFixed(1)} x the memory`,
    `extrapolated by that slope, not measured: 1,000,000 numbers every 5 min (${wanted.toFixed(0)} checks/s) ` +
      `take ${cores.toFixed(2)} cores and ${rss.toFixed(0)} MB`,
  ];
}

function lastLine(channels: number, figures: FleetFigures): string {
  return (
    `fleet channels=${channels} lag_p99_ms=${figures.lagP99Ms.toFixed(0)} ` +
    `rss_mb=${figures.rssMb.toFixed(0)} trips_per_check=${figures.tripsPerCheck.toFixed(4)} ` +
    `cpu=${figures.serverCores.toFixed(2)}`
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
