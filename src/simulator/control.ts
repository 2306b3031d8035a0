/** What a test or a person can do to a running simulator, as functions. */
import type { ActionFields, ActionName } from './action.ts';
import { actionOf } from './action.ts';
import type { Counts } from './counters.ts';
import type { ListedFault } from './faults.ts';
import type { Outcome } from './perform.ts';
import { perform } from './perform.ts';
import type { PlayedStep, ScenarioStep, Step } from './scenario.ts';
import { Scenario, stepsOf } from './scenario.ts';
import type { SimulatorState } from './state.ts';

/** One function per action: `control.block({ node: 'acme', why: 'payment' })`. */
type Actions = { readonly [N in ActionName]: (fields: ActionFields[N]) => Outcome };

export interface Control extends Actions {
  /** An action from JSON. */
  do(action: unknown): Outcome;
  /** Plays a scenario: steps are actions with `after_ms` and `every_ms`. */
  play(steps: readonly ScenarioStep[]): void;
  playFrom(json: unknown): void;
  stop(): void;
  scenario(): { readonly pending: readonly Step[]; readonly played: readonly PlayedStep[] };
  faults(): readonly ListedFault[];
  counts(): Counts;
  /** How often a node was read, by id or name, over Graph and 360dialog; or a 360dialog key used. */
  readsOf(ref: string): number;
  resetCounts(): void;
}

export function controlOf(state: SimulatorState): Control {
  const scenario = new Scenario(state.clock, (step) => perform(state, step));
  const action =
    <N extends ActionName>(name: N) =>
    (fields: ActionFields[N]): Outcome =>
      perform(state, actionOf({ ...fields, do: name }));
  return {
    block: action('block'),
    limit: action('limit'),
    ban: action('ban'),
    unregister: action('unregister'),
    recover: action('recover'),
    set: action('set'),
    remove: action('remove'),
    restore: action('restore'),
    move: action('move'),
    expire: action('expire'),
    invalidate: action('invalidate'),
    replace: action('replace'),
    grant: action('grant'),
    refuse: action('refuse'),
    swap: action('swap'),
    subscribe: action('subscribe'),
    webhook: action('webhook'),
    throttle: action('throttle'),
    quotas: action('quotas'),
    proof: action('proof'),
    versions: action('versions'),
    fault: action('fault'),
    clear: action('clear'),
    do: (json) => perform(state, actionOf(json)),
    play: (steps) => scenario.play(stepsOf(steps)),
    playFrom: (json) => scenario.play(stepsOf(json)),
    stop: () => scenario.stop(),
    scenario: () => ({ pending: scenario.pending(), played: scenario.played() }),
    faults: () => state.faults.list(),
    counts: () => state.counters.counts(),
    readsOf: (ref) => {
      if (state.credentials.key(ref)) return state.counters.readsOfKey(ref);
      return state.counters.readsOfNode(state.world.named(ref).id);
    },
    resetCounts: () => state.counters.reset(),
  };
}
