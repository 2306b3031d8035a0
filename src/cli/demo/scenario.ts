/** What happens while one looks: a payment fails, later it is mended, and so on until the demo ends. */
import type { Client } from '#client/create-client.ts';
import type { SimulatorProcess } from '#cli/simulator-process.ts';
import type { Terminal } from '#cli/terminal.ts';
import type { ChannelHealth } from '#cli/text/health-text.ts';
import { LOOKED_AT } from './fleet.ts';
import { whyOf } from './table.ts';

export interface ScenarioWorld {
  readonly terminal: Terminal;
  readonly client: Pick<Client, 'getChannelHealth'>;
  readonly simulator: Pick<SimulatorProcess, 'act'>;
  /** Aborted when the demo ends. */
  readonly ending: AbortSignal;
}

const FAILS_AFTER_MS = 20_000;
const MENDED_AFTER_MS = 30_000;
/** How often the scenario looks whether the schedule has noticed, and for how long. */
const LOOK_EVERY_MS = 500;
const NOTICED_WITHIN_MS = 60_000;

/** Runs until `ending` aborts. */
export async function playScenario(world: ScenarioWorld): Promise<void> {
  const { ending } = world;
  const payment = { node: LOOKED_AT.waba, why: 'payment' };
  while (!ending.aborted) {
    await paused(world, FAILS_AFTER_MS);
    if (ending.aborted) return;
    await act(world, { do: 'block', ...payment }, 'the payment of its WABA fails');
    await paused(world, MENDED_AFTER_MS);
    if (ending.aborted) return;
    await act(world, { do: 'recover', ...payment }, 'the payment is mended');
  }
}

/** Changes the simulated world, waits until the schedule has noticed, and says what it saw and how soon. */
async function act(
  world: ScenarioWorld,
  action: Readonly<Record<string, string>>,
  what: string,
): Promise<void> {
  const { terminal, simulator, ending } = world;
  const before = await health(world);
  const began = terminal.now();
  await simulator.act(action);
  const after = await changed(world, before);
  if (after === null || ending.aborted) return;
  const time = new Date(terminal.now()).toISOString().slice(11, 19);
  const seconds = Math.round((terminal.now() - began) / 1000);
  const [was, is] = [before, after].map((one) => terminal.style.status(one.messaging.status));
  terminal.out(
    `${time} UTC  ${LOOKED_AT.channel}: ${what}: ${was} → ${is} (${whyOf(after)}), ` +
      `noticed by the schedule after ${seconds} s`,
  );
}

/** The health once its verdict differs; null when it does not in time. Asks for no read. */
async function changed(world: ScenarioWorld, before: ChannelHealth): Promise<ChannelHealth | null> {
  const until = world.terminal.now() + NOTICED_WITHIN_MS;
  while (world.terminal.now() < until) {
    await paused(world, LOOK_EVERY_MS);
    if (world.ending.aborted) return null;
    const after = await health(world);
    if (after.messaging.status !== before.messaging.status) return after;
  }
  return null;
}

async function health({ client }: ScenarioWorld): Promise<ChannelHealth> {
  return (await client.getChannelHealth({ params: { ref: LOOKED_AT.channel } })).body;
}

async function paused({ terminal, ending }: ScenarioWorld, ms: number): Promise<void> {
  try {
    await terminal.pause(ms, ending);
  } catch (error) {
    if (!ending.aborted) throw error;
  }
}
