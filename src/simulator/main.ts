/**
 * The simulator as a process. It prints one line of JSON when it is ready, and ends on SIGINT, SIGTERM
 * or, with `--until-stdin-ends`, when whoever started it is gone.
 */
import { readFile } from 'node:fs/promises';

import { argumentsOf, HELP } from './arguments.ts';
import type { SimulatorArguments } from './arguments.ts';
import { isObject } from './form.ts';
import { Refusal } from './refusal.ts';
import { startSimulator } from './start.ts';
import { worldFileOf } from './world-file.ts';
import type { WorldFile } from './world-file.ts';

try {
  const given = argumentsOf(process.argv.slice(2));
  if (given.help) process.stdout.write(HELP);
  else await run(given);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function run(given: SimulatorArguments): Promise<void> {
  const world = await worldOf(given);
  const simulator = await startSimulator({ listen: given.listen, world });
  if (!given.quotas) simulator.control.quotas({ on: false });
  const { url, graphUrl, dialog360Url, controlUrl } = simulator;
  const ready = { url, graph: graphUrl, dialog360: dialog360Url, control: controlUrl };
  const stop = (): void => {
    process.stdin.destroy();
    void simulator.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  if (given.untilStdinEnds) process.stdin.resume().once('end', stop).once('error', stop);
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

/** The world file with what the other arguments add to it. */
async function worldOf(given: SimulatorArguments): Promise<WorldFile> {
  const stated = given.world === null ? {} : await jsonFile(given.world);
  const scenario = given.scenario === null ? [] : await jsonFile(given.scenario);
  if (!Array.isArray(scenario)) {
    throw new Refusal(`${given.scenario} must hold a JSON array of actions.`);
  }
  const file = worldFileOf(stated);
  return {
    ...file,
    ...(given.seed === null ? {} : { seed: given.seed }),
    generate: { ...(isObject(file.generate) ? file.generate : {}), ...given.generate },
    scenario: [...(file.scenario ?? []), ...scenario],
  };
}

async function jsonFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Refusal(
      `Cannot read ${path}: ${error instanceof Error ? error.message : 'unknown'}.`,
    );
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(
      `${path} is not JSON: ${error instanceof Error ? error.message : 'unknown'}.`,
    );
  }
}
