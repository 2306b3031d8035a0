/** A server under measurement: seeded before it starts, alone on its core, asked for what it did. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openStore } from '#app/open-store.ts';
import { SERVER_CORE, start } from '#bench/child.ts';
import type { Child } from '#bench/child.ts';
import { createClient } from '#client/create-client.ts';
import { loadServerOptions } from '#config/load.ts';
import type { ServerOptions } from '#config/options.ts';
import { seedFleet } from './seed.ts';
import type { World, WorldSize } from './world.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const START_MS_MAX = 60_000;
/** So many reads an hour that no budget stands in the way: Meta's own are far below this fleet's. */
const BUDGET = '1000000000';
const ADMIN_TOKEN = 'wha_bench-0123456789abcdefghijklmnopqrstuvwxyz';
const SERVER_FILE = z.object({ pid: z.int(), url: z.url() });

export interface FleetWish {
  readonly folder: string;
  readonly world: World;
  readonly size: WorldSize;
  readonly intervalMs: number;
  /** The database; null for the embedded one. */
  readonly database: string | null;
}

/** What the schedule has done since the start, and how late it has been in the last minute. */
export interface Work {
  readonly checks: number;
  readonly trips: number;
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  /** Channels that were never read. */
  readonly unread: number;
}

export interface FleetServer extends AsyncDisposable {
  readonly pid: number;
  /** The file that grows with history; null with PostgreSQL. */
  readonly databaseFile: string | null;
  work(): Promise<Work>;
}

export async function startFleetServer(wish: FleetWish): Promise<FleetServer> {
  const flags = await flagsOf(wish);
  const options = loadServerOptions({ flags, env: {}, readFile: readNow(flags) });
  await seed(options, wish);
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${dashed(flag)}`, value]);
  const child = start([process.execPath, MAIN, 'serve', ...args], { core: SERVER_CORE });
  const url = await addressOf(child, wish.folder);
  const client = createClient({ baseUrl: url, token: ADMIN_TOKEN, timeoutMs: 60_000 });
  return {
    pid: child.pid,
    databaseFile: wish.database === null ? join(dataDirOf(wish), 'waba-health.db') : null,
    async work() {
      const { schedule, unknown_reasons: reasons } = (await client.getStatus({})).body;
      const unread = reasons.find(({ reason }) => reason === 'never_read')?.channels ?? 0;
      return {
        checks: schedule.checks ?? 0,
        trips: schedule.round_trips ?? 0,
        lagP50Ms: (schedule.lag_p50_seconds ?? 0) * 1_000,
        lagP99Ms: (schedule.lag_p99_seconds ?? 0) * 1_000,
        unread,
      };
    },
    [Symbol.asyncDispose]: () => child.stop(),
  };
}

function dataDirOf({ folder }: Pick<FleetWish, 'folder'>): string {
  return join(folder, 'data');
}

/** The same options for whoever seeds and for whoever serves. */
async function flagsOf(wish: FleetWish): Promise<Record<string, string>> {
  const { folder, world, database } = wish;
  const sealKeyFile = join(folder, 'seal.key');
  const adminTokenFile = join(folder, 'admin.token');
  await writeFile(sealKeyFile, `${'5a'.repeat(32)}\n`, { mode: 0o600 });
  await writeFile(adminTokenFile, `${ADMIN_TOKEN}\n`, { mode: 0o600 });
  return {
    dataDir: dataDirOf(wish),
    listen: '127.0.0.1:0',
    graphUrl: world.graph,
    dialog360Url: world.dialog360,
    graphReadsPerHour: BUDGET,
    logLevel: 'error',
    sealKeyFile,
    adminTokenFile,
    ...(database !== null && { database }),
  };
}

/** The two files were just written; they are read the way the program reads them. */
function readNow(flags: Readonly<Record<string, string>>): (path: string) => Uint8Array {
  const texts = new Map([
    [flags['sealKeyFile'], `${'5a'.repeat(32)}\n`],
    [flags['adminTokenFile'], `${ADMIN_TOKEN}\n`],
  ]);
  return (path) => new TextEncoder().encode(texts.get(path) ?? '');
}

async function seed(options: ServerOptions, { size, intervalMs }: FleetWish): Promise<void> {
  const store = await openStore(options);
  try {
    await seedFleet(store, size, intervalMs);
  } finally {
    await store.close();
  }
}

function dashed(flag: string): string {
  return flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

async function addressOf(child: Child, folder: string): Promise<string> {
  const file = join(dataDirOf({ folder }), 'server.json');
  const deadline = performance.now() + START_MS_MAX;
  while (performance.now() < deadline) {
    const text = await readFile(file, 'utf8').catch(() => '{}');
    const { data } = SERVER_FILE.safeParse(JSON.parse(text || '{}'));
    if (data?.pid === child.pid) return data.url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server did not start');
}
