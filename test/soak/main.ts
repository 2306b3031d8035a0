/** `npm run soak <name>`: the tests that are worth repeating for longer than `npm test` may take. */
import { soakKill } from './soak-kill.ts';
import { soakFaults } from './soak-faults.ts';
import { soakTruth } from './soak-truth.ts';
import { soakMatrix } from './soak-matrix.ts';

const SOAKS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  kill: soakKill,
  faults: soakFaults,
  truth: soakTruth,
  matrix: soakMatrix,
};

const [name = '', ...args] = process.argv.slice(2);
const soak = SOAKS[name];
if (soak === undefined) {
  process.stderr.write(`Usage: npm run soak <${Object.keys(SOAKS).join('|')}> [<how many>]\n`);
  process.exitCode = 2;
} else {
  await soak(args);
}
