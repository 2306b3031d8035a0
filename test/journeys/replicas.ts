/** Several real servers on one database, each before a simulator of its own, so that it shows who asked. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { systemClock } from '#app/system-clock.ts';
import { systemRandomness } from '#app/system-randomness.ts';
import { createIds } from '#app/uuid-ids.ts';
import type { Simulator } from '#simulator/start.ts';
import { startSimulator } from '#simulator/start.ts';
import { openPostgres, SEAL_KEY } from '#test/fakes/open-postgres-store.ts';
import { temporaryDirectory } from '#test/fakes/temporary-directory.ts';
import { addFleet } from '#test/monitor/schedule/fleet.ts';
import { CLI_MAIN, startProcess } from './child.ts';
import type { Running } from './child.ts';
import { simulatedToken } from './world.ts';

export const ADMIN_TOKEN = 'admin-token-canary7-0123456789';
const SERVER_LIMIT_MS = 150_000;
const WAIT_LIMIT_MS = 75_000;

export interface Replica extends AsyncDisposable {
  readonly server: Running & { readonly url: string };
  readonly simulator: Simulator;
}

/** A server on the database, started, and the simulator that it alone asks. */
export async function startReplica(
  database: string,
  generate: Readonly<Record<string, number>>,
  roles: string = 'api,watch',
): Promise<Replica> {
  await using opened = new AsyncDisposableStack();
  const directory = opened.use(temporaryDirectory());
  const simulator = opened.adopt(await startSimulator({ world: { generate } }), (one) =>
    one.close(),
  );
  simulator.control.quotas({ on: false });
  const server = opened.use(
    await startServer({ database, directory: directory.path, simulator, roles }),
  );
  const all = opened.move();
  return { server, simulator, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

interface ServerWish {
  readonly database: string;
  readonly directory: string;
  readonly simulator: Simulator;
  readonly roles: string;
}

async function startServer({ database, directory, simulator, roles }: ServerWish) {
  const [sealKey, token] = [join(directory, 'seal'), join(directory, 'token')];
  writeFileSync(sealKey, Buffer.from(SEAL_KEY).toString('hex'));
  writeFileSync(token, ADMIN_TOKEN);
  const words = ['serve', '--data-dir', join(directory, 'data'), '--listen', '127.0.0.1:0'];
  words.push('--database', database, '--seal-key-file', sealKey, '--admin-token-file', token);
  words.push('--graph-url', simulator.graphUrl, '--dialog360-url', simulator.dialog360Url);
  words.push('--graph-reads-per-hour', '1000000000', '--log-level', 'debug', '--roles', roles);
  const process = startProcess(CLI_MAIN, words, { limitMs: SERVER_LIMIT_MS });
  try {
    const line = await process.line(/listens on/);
    return { ...process, url: /http:\S+/.exec(line)?.[0] ?? '' };
  } catch (error) {
    await process[Symbol.asyncDispose]();
    throw error;
  }
}

/** Adds numbers of the generated world to the database, past any server. */
export async function addNumbers(
  database: string,
  about: { readonly channels: number; readonly intervalMs: number },
): Promise<void> {
  const { channels, intervalMs } = about;
  await using store = await openPostgres(database);
  const ids = createIds({ clock: systemClock, randomness: systemRandomness });
  const wish = { channels, token: () => simulatedToken, about: { intervalMs } };
  await addFleet({ deps: { ids, clock: store.clock }, store }, wish);
}

/** What happens to the rows of the schedule, written down by the database itself. */
export interface Witness extends AsyncDisposable {
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** Looks after every few writes until the query gives `true`; bounded. */
  until(isSo: () => boolean | Promise<boolean>): Promise<void>;
}

const WITNESS_SQL = `
  create table witness (
    channel_id text, claimed_before bigint, claimed bigint, written_before bigint, written bigint,
    lease_before bigint, at bigint);
  create function witness() returns trigger language plpgsql as $$
  begin
    if new.claimed <> old.claimed or new.written <> old.written then
      insert into witness values (new.channel_id, old.claimed, new.claimed, old.written, new.written,
        old.lease_until, floor(extract(epoch from clock_timestamp()) * 1000));
      notify witness;
    end if;
    return new;
  end $$;
  create trigger witness after update on channel_attempts for each row execute function witness();
  listen witness;`;

export async function witnessOf(database: string): Promise<Witness> {
  const client = new Client({ connectionString: database });
  await client.connect();
  await client.query(WITNESS_SQL);
  return {
    async rows(sql) {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    },
    async until(isSo) {
      const signal = AbortSignal.timeout(WAIT_LIMIT_MS);
      while (!(await isSo())) await once(client, 'notification', { signal });
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
