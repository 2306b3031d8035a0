/** `npm run bench <name>`: measurements as ratios to peers in the same run, with the machine's facts. */
import { alertsBench } from './alerts/alerts-bench.ts';
import { fleetBench } from './fleet/fleet-bench.ts';
import { historyBench } from './history/history-bench.ts';
import { serveBench } from './serve/serve-bench.ts';

const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  serve: serveBench,
  fleet: fleetBench,
  history: historyBench,
  alerts: alertsBench,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(`Usage: npm run bench <${Object.keys(BENCHES).join('|')}> [-- <options>]\n`);
  process.exitCode = 2;
} else {
  await bench(args);
}
