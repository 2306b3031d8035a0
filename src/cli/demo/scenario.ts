/** What happens while one looks: a payment fails, and once that was told it is mended, until that is told too. */
import type { SimulatorProcess } from '#cli/simulator-process.ts';
import type { Terminal } from '#cli/terminal.ts';
import { LOOKED_AT } from './fleet.ts';
import type { Heard } from './receiver.ts';

export interface ScenarioWorld {
  readonly terminal: Terminal;
  readonly simulator: Pick<SimulatorProcess, 'act'>;
  /** Resolves with the next message of this type about the fleet; rejects once the demo ends. */
  readonly heard: (type: string) => Promise<Heard>;
  /** Aborted when the demo ends. */
  readonly ending: AbortSignal;
}

const FAILS_AFTER_MS = 10_000;

/** Plays once. Ends early when `ending` aborts. */
export async function playScenario(world: ScenarioWorld): Promise<void> {
  const { terminal, simulator, ending, heard } = world;
  const payment = { node: LOOKED_AT.waba, why: 'payment' };
  try {
    await terminal.pause(FAILS_AFTER_MS, ending);
    await simulator.act({ do: 'block', ...payment });
    say(
      terminal,
      `the payment of the WABA ${LOOKED_AT.waba} fails; one message follows once it is certain`,
    );
    await heard('incident.opened');
    await simulator.act({ do: 'recover', ...payment });
    say(terminal, 'the payment is mended; the end is told once it has held for a while');
    await heard('incident.resolved');
    say(terminal, 'that is all: the fleet goes on being watched until you stop the demo');
  } catch (error) {
    if (!ending.aborted) throw error;
  }
}

function say(terminal: Terminal, what: string): void {
  terminal.out(`${new Date(terminal.now()).toISOString().slice(11, 19)} UTC  ${what}`);
}
