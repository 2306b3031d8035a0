/**
 * How soon an alert is there: from the commit of an incident to the receipt of its webhook by another process, one
 * alert at a time, and a thousand that are committed at once; on SQLite and on PostgreSQL. Every case begins with an
 * empty store, and counts what was lost or came twice.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { canPin, run, SERVER_CORE } from '#bench/child.ts';
import { machineFacts } from '#bench/machine.ts';
import { median } from '#bench/median.ts';
import { quantile } from '#bench/quantile.ts';
import { startPostgres } from '#test/fakes/postgres.ts';
import { COMMITTED } from './committed.ts';
import { startReceiver } from './receiver.ts';

const OPTIONS = {
  /** Alerts one at a time, and all at once. */
  idle: { type: 'string', default: '60' },
  storm: { type: 'string', default: '1000' },
  rounds: { type: 'string', default: '3' },
  /** `all`, or some of sqlite, postgres, with a comma between. */
  engines: { type: 'string', default: 'all' },
} as const;

const TELLER = join(import.meta.dirname, 'teller.ts');

interface Case {
  readonly name: string;
  readonly engine: string;
  readonly how: 'idle' | 'storm';
  readonly incidents: number;
  /** Where the empty store of a round is. */
  readonly place: () => Promise<string>;
}

interface Figures {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly openingMs: number;
  readonly cpuMs: number;
  readonly lost: number;
  readonly doubled: number;
}

export async function alertsBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const counts = { idle: Number(values.idle), storm: Number(values.storm) };
  say(`machine: ${machineFacts()}`);
  say(`load at the start: ${loadavg()[0]?.toFixed(1)}`);
  say(`cores: ${canPin ? 'teller on 0, receiver elsewhere' : 'not pinned, figures mix'}`);
  const folder = await mkdtemp(join(tmpdir(), 'waba-health-bench-'));
  try {
    await using postgres = await startPostgres();
    const places = {
      SQLite: () => mkdtemp(join(folder, 'data-')),
      PostgreSQL: () => postgres.createDatabase(),
    };
    const measured: Figures[] = [];
    for (const one of casesOf(places, counts)) {
      if (values.engines !== 'all' && !values.engines.split(',').includes(one.engine)) continue;
      const figures = await roundsOf(one, Number(values.rounds));
      measured.push(figures);
      say(lineOf(one, figures));
    }
    say(lastLine(measured));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function casesOf(
  places: Readonly<Record<string, Case['place']>>,
  counts: Readonly<Record<Case['how'], number>>,
): readonly Case[] {
  return Object.entries(places).flatMap(([name, place]) =>
    (['idle', 'storm'] as const).map((how) => {
      const engine = name === 'SQLite' ? 'sqlite' : 'postgres';
      return { name, engine, how, incidents: counts[how], place };
    }),
  );
}

/** Medians over the rounds; what was lost or doubled in any of them. */
async function roundsOf(one: Case, rounds: number): Promise<Figures> {
  const all: Figures[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await measure(one));
  const middle = (of: (figures: Figures) => number) => median(all.map(of));
  const sum = (of: (figures: Figures) => number) => all.map(of).reduce((a, b) => a + b, 0);
  return {
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    maxMs: Math.max(...all.map(({ maxMs }) => maxMs)),
    openingMs: middle(({ openingMs }) => openingMs),
    cpuMs: middle(({ cpuMs }) => cpuMs),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
  };
}

async function measure({ engine, how, incidents, place }: Case): Promise<Figures> {
  await using receiver = await startReceiver();
  const words = [engine, await place(), receiver.url, how, String(incidents)];
  const output = await run([process.execPath, TELLER, ...words], { core: SERVER_CORE });
  const { told, openingMs, cpuMs } = COMMITTED.parse(JSON.parse(output));
  if (told.length !== incidents) throw new Error('not every incident was opened');
  const dwells = told.flatMap(([id, at]) => {
    const [first] = receiver.arrivals.get(id) ?? [];
    return first === undefined ? [] : [first - at];
  });
  const came = [...receiver.arrivals.values()];
  return {
    p50Ms: quantile(dwells, 0.5),
    p99Ms: quantile(dwells, 0.99),
    maxMs: Math.max(...dwells),
    openingMs,
    cpuMs,
    lost: told.length - dwells.length,
    doubled: came.filter((moments) => moments.length > 1).length,
  };
}

function ms(figure: number): string {
  return `${figure.toFixed(1)} ms`;
}

function lineOf({ name, how, incidents }: Case, figures: Figures): string {
  const load = how === 'idle' ? `${incidents} alerts one at a time` : `${incidents} at once`;
  const each = (figure: number) => ms(figure / incidents);
  return (
    `${name}, ${load}: dwell p50 ${ms(figures.p50Ms)}, p99 ${ms(figures.p99Ms)}, ` +
    `max ${ms(figures.maxMs)}; lost ${figures.lost}, doubled ${figures.doubled}; ` +
    `an alert took ${each(figures.cpuMs)} of processor time, opening it ${each(figures.openingMs)}`
  );
}

/** The case that kept its receivers waiting longest speaks for all. */
function lastLine(measured: readonly Figures[]): string {
  const [slowest] = measured.toSorted((one, other) => other.p99Ms - one.p99Ms);
  const sum = (of: (figures: Figures) => number) => measured.map(of).reduce((a, b) => a + b, 0);
  return (
    `alerts dwell_p50_ms=${(slowest?.p50Ms ?? Number.NaN).toFixed(1)} ` +
    `dwell_p99_ms=${(slowest?.p99Ms ?? Number.NaN).toFixed(1)} ` +
    `lost=${sum(({ lost }) => lost)} doubled=${sum(({ doubled }) => doubled)}`
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
