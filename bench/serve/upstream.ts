/** The simulator as a process of its own, and the little of its control interface that we use. */
import { join } from 'node:path';
import { z } from 'zod';
import { LOAD_CORE, start } from '#bench/child.ts';

export interface SimulatedUpstream {
  /** Base URLs of the two upstreams. */
  readonly graph: string;
  readonly dialog360: string;
  /** How many nodes were read so far. */
  reads(): Promise<number>;
  /** Lets every question with this key take `ms`. */
  delay(key: string, ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** Keys and ids of the world's generated numbers follow from their index. */
export function keyOf(index: number): string {
  return `simkey-${String(index).padStart(16, '0')}`;
}

export function numberIdOf(index: number): string {
  return String(100_000_000_000_000 + index);
}

/** The one Graph token of the world, which may see every number. */
export const TOKEN = `EAAsim${'0'.repeat(16)}`;

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'simulator', 'main.ts');
const READY = z.object({ url: z.url(), control: z.url() });
const COUNTS = z.object({ reads: z.int() });

/** Starts it on the core of the load, with so many numbers. It ends with us, however we end. */
export async function startUpstream(numbers: number): Promise<SimulatedUpstream> {
  const options = ['--numbers', String(numbers), '--no-quotas', '--until-stdin-ends'];
  const child = start([process.execPath, MAIN, '--listen', '127.0.0.1:0', ...options], {
    core: LOAD_CORE,
  });
  try {
    const { url, control } = READY.parse(JSON.parse(await child.line(/^\{/)));
    return {
      graph: `${url}/graph`,
      dialog360: `${url}/dialog360`,
      async reads() {
        const response = await fetch(`${control}/counters`);
        return COUNTS.parse(await response.json()).reads;
      },
      async delay(key, ms) {
        const body = JSON.stringify({ do: 'fault', kind: 'delay', key, ms });
        const response = await fetch(`${control}/actions`, { method: 'POST', body });
        if (!response.ok) throw new Error(`the simulator refuses: ${await response.text()}`);
      },
      stop: () => child.stop(),
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
