/**
 * A real PostgreSQL of a test file's own, on a free port of this machine's loopback, with nothing
 * installed by hand. It goes when it is disposed of, and with the process that started it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import {
  directoryForServer,
  type PostgresBinaries,
  preparePostgres,
  SERVER_USER,
} from '#test/fakes/postgres-binaries.ts';

/** A server that was killed may leave its memory behind for as long as its last child lives. */
const STARTS_MAX = 100;

export interface TestPostgres extends AsyncDisposable {
  readonly port: number;
  /** The address of a new, empty database. */
  createDatabase(): Promise<string>;
  /** Runs SQL in a database, past the store. */
  query(url: string, sql: string): Promise<Record<string, unknown>[]>;
  /** The files of a database and the log of all, as they lie on the disk. */
  storedBytes(url: string): Promise<Buffer>;
  /** Ends the server without giving it a chance to end anything itself. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
}

/** `await using postgres = await startPostgres();` */
export async function startPostgres(): Promise<TestPostgres> {
  const binaries = preparePostgres();
  const directory = directoryForServer('waba-health-cluster-');
  let server: ChildProcess | null = null;
  let databases = 0;
  try {
    initialise(binaries, directory);
    const port = await freePort();
    const urlOf = (database: string) => `postgresql://postgres@127.0.0.1:${port}/${database}`;
    const start = async () => {
      server = await startServer(binaries, join(directory, 'data'), port);
    };
    await start();
    return {
      port,
      async createDatabase() {
        databases += 1;
        await query(urlOf('postgres'), `create database test_${databases} template template0`);
        return urlOf(`test_${databases}`);
      },
      query,
      storedBytes: (url) => storedBytes(url, join(directory, 'data')),
      async kill() {
        const processes = await query(urlOf('postgres'), 'select pid from pg_stat_activity');
        await end(server, 'SIGKILL');
        // Left alone they would notice soon that their parent is gone, and answer until then.
        for (const { pid } of processes) killIfThere(Number(pid));
      },
      start,
      async [Symbol.asyncDispose]() {
        await end(server, 'SIGQUIT');
        rmSync(directory, { recursive: true, force: true });
        binaries[Symbol.dispose]();
      },
    };
  } catch (error) {
    await end(server, 'SIGKILL');
    rmSync(directory, { recursive: true, force: true });
    binaries[Symbol.dispose]();
    throw error;
  }
}

function initialise({ initdb }: PostgresBinaries, directory: string): void {
  const { uid, gid } = SERVER_USER;
  if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid);
  chmodSync(directory, 0o700);
  const options = ['-A', 'trust', '-U', 'postgres', '--no-sync', '--locale=C', '--encoding=UTF8'];
  const data = join(directory, 'data');
  const made = spawnSync(initdb, [...options, '-D', data], { ...SERVER_USER, cwd: directory });
  if (made.status !== 0) throw new Error(`initdb failed: ${String(made.stderr)}`);
}

async function startServer(
  { postgres }: PostgresBinaries,
  data: string,
  port: number,
): Promise<ChildProcess> {
  // Without syncing it survives any kill; only a power failure would cost it something.
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
  const options = settings.flatMap((setting) => ['-c', setting]);
  const words = [postgres, '-D', data, '-p', String(port), ...options];
  // It goes with this process, however that ends.
  const [command = '', ...rest] = hasSetpriv() ? ['setpriv', '--pdeathsig=INT', ...words] : words;
  let said = '';
  for (let starts = 0; starts < STARTS_MAX; starts += 1) {
    const stdio: ['ignore', 'ignore', 'pipe'] = ['ignore', 'ignore', 'pipe'];
    const server = spawn(command, rest, { ...SERVER_USER, cwd: data, stdio });
    said = '';
    for await (const line of createInterface(server.stderr)) {
      said += `${line}\n`;
      if (!line.includes('ready to accept connections')) continue;
      server.stderr.resume();
      return server;
    }
  }
  throw new Error(`PostgreSQL did not start: ${said}`);
}

function hasSetpriv(): boolean {
  return spawnSync('setpriv', ['--pdeathsig=INT', 'true']).status === 0;
}

async function end(server: ChildProcess | null, signal: 'SIGKILL' | 'SIGQUIT'): Promise<void> {
  if (server === null || server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, 'exit');
  server.kill(signal);
  await exit;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function storedBytes(url: string, data: string): Promise<Buffer> {
  await query(url, 'checkpoint');
  const [database] = await query(
    url,
    'select oid::text from pg_database where datname = current_database()',
  );
  const folders = [join(data, 'base', String(database?.['oid'])), join(data, 'pg_wal')];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(folder, entry.name))),
  );
  return Buffer.concat(files);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
