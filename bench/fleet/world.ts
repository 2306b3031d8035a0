/** The simulated Meta of the fleet bench, whose statuses change while it is measured. */
import { join } from 'node:path';
import { z } from 'zod';
import { LOAD_CORE, start } from '#bench/child.ts';
import type { Child } from '#bench/child.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'simulator', 'main.ts');
const READY = z.object({ url: z.url(), control: z.url() });
const CHANGE_EVERY_MS = 1_000;
const HOUR_MS = 3_600_000;

export interface WorldSize {
  readonly numbers: number;
  readonly wabas: number;
  readonly tokens: number;
}

export interface World extends AsyncDisposable {
  readonly pid: number;
  readonly graph: string;
  readonly dialog360: string;
}

/** Starts it on the core of the load; one in a hundred numbers changes its status in an hour. */
export async function startWorld({ numbers, wabas, tokens }: WorldSize): Promise<World> {
  const size = { numbers, wabas, tokens, businesses: Math.ceil(wabas / 10) };
  const options = Object.entries(size).flatMap(([name, count]) => [`--${name}`, String(count)]);
  const child = start(
    [
      process.execPath,
      MAIN,
      '--listen',
      '127.0.0.1:0',
      ...options,
      '--no-quotas',
      '--until-stdin-ends',
    ],
    { core: LOAD_CORE },
  );
  const { url, control } = READY.parse(JSON.parse(await child.line(/^\{/)));
  const changing = changeStatuses(control, numbers);
  return {
    pid: child.pid,
    graph: `${url}/graph`,
    dialog360: `${url}/dialog360`,
    async [Symbol.asyncDispose]() {
      await changing.stop();
      await stopped(child);
    },
  };
}

async function stopped(child: Child): Promise<void> {
  await child.stop();
}

/** Limits numbers one after another and lets each recover later, at the rate of the bench's world. */
function changeStatuses(control: string, numbers: number) {
  let at = 0;
  let owed = 0;
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    owed += (numbers * 0.01 * CHANGE_EVERY_MS) / HOUR_MS;
    const count = Math.floor(owed);
    owed -= count;
    running = running.then(() => act(count));
  }, CHANGE_EVERY_MS);
  async function act(count: number): Promise<void> {
    for (let done = 0; done < count; done += 1) {
      const node = `number-${(at * 7_919) % numbers}`;
      at += 1;
      const body = JSON.stringify({ do: 'limit', node, why: 'display_name' });
      const response = await fetch(`${control}/actions`, { method: 'POST', body });
      if (!response.ok) throw new Error(`the simulator refuses: ${await response.text()}`);
    }
  }
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

export function tokenOf(index: number): string {
  return `EAAsim${String(index).padStart(16, '0')}`;
}

export function numberIdOf(index: number): string {
  return String(100_000_000_000_000 + index);
}
