/** What happens while one looks: a payment fails, later it is mended, and so on until the demo ends. */
import type { Client } from '#client/create-client.ts';
import type { SimulatorProcess } from '#cli/simulator-process.ts';
import type { Terminal } from '#cli/terminal.ts';
import { LOOKED_AT } from './fleet.ts';
import { whyOf } from './table.ts';

export interface ScenarioWorld {
  readonly terminal: Terminal;
  readonly client: Pick<Client, 'getChannelHealth' | 'checkChannel'>;
  readonly simulator: Pick<SimulatorProcess, 'act'>;
  /** Aborted when the demo ends. */
  readonly ending: AbortSignal;
}

const FAILS_AFTER_MS = 20_000;
const MENDED_AFTER_MS = 30_000;

/** Runs until `ending` aborts. */
export async function playScenario(world: ScenarioWorld): Promise<void> {
  const { simulator, ending } = world;
  const payment = { node: LOOKED_AT.waba, why: 'payment' };
  while (!ending.aborted) {
    await paused(world, FAILS_AFTER_MS);
    if (ending.aborted) return;
    await simulator.act({ do: 'block', ...payment });
    await tell(world, 'the payment of its WABA fails');
    await paused(world, MENDED_AFTER_MS);
    if (ending.aborted) return;
    await simulator.act({ do: 'recover', ...payment });
    await tell(world, 'the payment is mended');
  }
}

/** Has the number read, as its next check would, and says in one line what became of it. */
async function tell({ terminal, client, ending }: ScenarioWorld, what: string): Promise<void> {
  const params = { ref: LOOKED_AT.channel };
  const { body: before } = await client.getChannelHealth({ params });
  const { body: after } = await client.checkChannel({ params, body: {} });
  if (ending.aborted) return;
  const time = new Date(terminal.now()).toISOString().slice(11, 19);
  const [was, is] = [before, after].map((health) => terminal.style.status(health.messaging.status));
  terminal.out(`${time} UTC  ${LOOKED_AT.channel}: ${what}: ${was} → ${is} (${whyOf(after)})`);
}

async function paused({ terminal, ending }: ScenarioWorld, ms: number): Promise<void> {
  try {
    await terminal.pause(ms, ending);
  } catch (error) {
    if (!ending.aborted) throw error;
  }
}
