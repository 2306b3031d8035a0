/** Everything a running simulator knows, in one hand: what the routes read and the control API changes. */
import type { SimulatorClock } from './clock.ts';
import type { Counters } from './counters.ts';
import type { Credentials } from './credentials.ts';
import type { Faults } from './faults.ts';
import type { Quotas } from './quota.ts';
import type { Trace } from './trace.ts';
import type { Webhooks } from './webhooks.ts';
import type { World } from './world.ts';

export interface SimulatorState {
  readonly world: World;
  readonly credentials: Credentials;
  readonly quotas: Quotas;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly trace: Trace;
  readonly clock: SimulatorClock;
  /** Meta's, to the apps. */
  readonly webhooks: Webhooks;
  /** Live Graph versions, oldest first; a scenario can change them. */
  versions: readonly string[];
}
