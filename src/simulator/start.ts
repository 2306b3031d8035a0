/** Starts a simulator: in a test, or as the process of `main.ts`. */
import { once } from 'node:events';
import type { Server } from 'node:http';

import { stateOf } from './build-state.ts';
import type { SimulatorClock } from './clock.ts';
import { systemClock } from './clock.ts';
import type { Control } from './control.ts';
import { controlOf } from './control.ts';
import { Refusal } from './refusal.ts';
import { createSimulatorServer } from './server.ts';
import type { WorldFile } from './world-file.ts';
import { worldFileOf } from './world-file.ts';

export interface SimulatorOptions {
  /** 127.0.0.1 and any free port unless given. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** The world; an empty one unless given. */
  readonly world?: WorldFile;
  /** Time for expiry, quotas, delays and scenarios; the machine's unless given. */
  readonly clock?: SimulatorClock;
}

export interface Simulator {
  /** Its address, and the base URLs of what it simulates. */
  readonly url: string;
  readonly graphUrl: string;
  readonly dialog360Url: string;
  readonly controlUrl: string;
  readonly control: Control;
  /** Stops the scenario, cuts every connection and frees the port. */
  close(): Promise<void>;
}

/** Rejects with a Refusal that says everything wrong with the world or its scenario. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { listen = { host: '127.0.0.1', port: 0 }, clock = systemClock } = options;
  const file = worldFileOf(options.world ?? {});
  const state = stateOf(file, clock);
  const control = controlOf(state);
  begin(control, file);
  const { webhooks } = state;
  const server = createSimulatorServer({ state, control });
  server.listen(listen.port, listen.host);
  await once(server, 'listening').catch((error: unknown) => {
    throw new Refusal(`Cannot listen on ${listen.host}:${listen.port}: ${String(error)}.`);
  });
  const url = addressOf(server);
  return {
    url,
    graphUrl: `${url}/graph`,
    dialog360Url: `${url}/dialog360`,
    controlUrl: `${url}/control`,
    control,
    async close() {
      control.stop();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await Promise.all([closed, webhooks.close()]);
    },
  };
}

/** Plays the world's scenario; an immediate step that cannot be done refuses the start. */
function begin(control: Control, file: WorldFile): void {
  control.playFrom(file.scenario ?? []);
  const refusal = control.scenario().played.find((played) => played.refusal !== null)?.refusal;
  if (!refusal) return;
  control.stop();
  throw new Refusal(`The scenario cannot start: ${refusal}`);
}

function addressOf(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The server has no port.');
  const { address, family, port } = bound;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
