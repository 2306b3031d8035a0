/** One fleet on one engine: warmed up until every number was read, then measured in several rounds. */
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '#bench/median.ts';
import { cpuSeconds, residentMiB } from '#bench/process-time.ts';
import { startFleetServer } from './server.ts';
import type { FleetServer, Work } from './server.ts';
import { startWorld } from './world.ts';
import type { World, WorldSize } from './world.ts';

export interface FleetCase {
  readonly name: string;
  readonly size: WorldSize;
  readonly intervalMs: number;
  /** Makes an empty database; null for the embedded one. */
  readonly database: (() => Promise<string>) | null;
}

export interface Rounds {
  readonly rounds: number;
  readonly seconds: number;
}

/** Medians over the rounds. */
export interface FleetFigures {
  readonly checksPerSecond: number;
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  readonly tripsPerCheck: number;
  /** Processor time by wall time: cores. */
  readonly serverCores: number;
  readonly simulatorCores: number;
  readonly rssMb: number;
  /** Bytes that the database grew per channel and day; null where it cannot be seen. */
  readonly bytesPerChannelDay: number | null;
}

const WARM_MS_MAX = 900_000;
const LOOK_EVERY_MS = 2_000;
/** The lag is that of the last minute: the warm-up has to be out of it. */
const SETTLE_MS = 65_000;
const DAY_S = 86_400;

export async function measureFleet(one: FleetCase, rounds: Rounds): Promise<FleetFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'waba-health-bench-'));
  try {
    await using world = await startWorld(one.size);
    const database = one.database === null ? null : await one.database();
    const { size, intervalMs } = one;
    await using server = await startFleetServer({ folder, world, size, intervalMs, database });
    await warmUp(server);
    return await measureRounds({ server, world, size }, rounds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function warmUp(server: FleetServer): Promise<void> {
  const deadline = performance.now() + WARM_MS_MAX;
  // While everything is read for the first time, counting it may take longer than a client waits.
  const unread = () =>
    server.work().then(
      (work) => work.unread,
      () => Infinity,
    );
  while ((await unread()) > 0) {
    if (performance.now() > deadline) throw new Error('the fleet was not read in time');
    await pause(LOOK_EVERY_MS);
  }
  await pause(SETTLE_MS);
}

interface Measured {
  readonly server: FleetServer;
  readonly world: World;
  readonly size: WorldSize;
}

interface Look {
  readonly at: number;
  readonly work: Work;
  readonly serverCpu: number;
  readonly simulatorCpu: number;
  readonly bytes: number;
}

async function measureRounds(measured: Measured, wish: Rounds): Promise<FleetFigures> {
  const { server, size } = measured;
  const spans: (readonly [before: Look, after: Look])[] = [];
  let before = await look(measured);
  for (let round = 0; round < wish.rounds; round += 1) {
    await pause(wish.seconds * 1_000);
    const after = await look(measured);
    spans.push([before, after]);
    before = after;
  }
  const overall = (of: (before: Look, after: Look) => number) =>
    median(spans.map(([one, two]) => of(one, two)));
  const seconds = (one: Look, two: Look) => (two.at - one.at) / 1_000;
  const [first, last] = [spans[0]?.[0], spans.at(-1)?.[1]];
  const grown = first && last ? (last.bytes - first.bytes) / seconds(first, last) : 0;
  return {
    checksPerSecond: overall((one, two) => (two.work.checks - one.work.checks) / seconds(one, two)),
    lagP50Ms: overall((_, two) => two.work.lagP50Ms),
    lagP99Ms: overall((_, two) => two.work.lagP99Ms),
    tripsPerCheck: overall(
      (one, two) => (two.work.trips - one.work.trips) / (two.work.checks - one.work.checks),
    ),
    serverCores: overall((one, two) => (two.serverCpu - one.serverCpu) / seconds(one, two)),
    simulatorCores: overall(
      (one, two) => (two.simulatorCpu - one.simulatorCpu) / seconds(one, two),
    ),
    rssMb: ((residentMiB(server.pid) ?? 0) * 2 ** 20) / 1e6,
    bytesPerChannelDay: server.databaseFile === null ? null : (grown * DAY_S) / size.numbers,
  };
}

async function look({ server, world }: Measured): Promise<Look> {
  const work = await server.work();
  return {
    at: performance.now(),
    work,
    serverCpu: cpuSeconds(server.pid) ?? 0,
    simulatorCpu: cpuSeconds(world.pid) ?? 0,
    bytes: bytesOf(server.databaseFile),
  };
}

/** The log beside the database is written over and over: what grows is the file. */
function bytesOf(file: string | null): number {
  return file === null ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
