/** A list of actions, each at once, later, or again and again. */
import type { Action } from './action.ts';
import { actionOf } from './action.ts';
import type { SimulatorClock } from './clock.ts';
import { isObject, misfitsOf } from './form.ts';
import type { Form } from './form.ts';
import { Refusal, refuseAll } from './refusal.ts';

/** An action with its time: `after_ms` from the start of the scenario, then every `every_ms`. */
export type ScenarioStep = Action & { readonly after_ms?: number; readonly every_ms?: number };

export interface Step {
  readonly action: Action;
  readonly afterMs: number;
  readonly everyMs: number | null;
}

export interface PlayedStep extends Step {
  readonly at: number;
  /** Null when it was done; else the sentence that says why not. */
  readonly refusal: string | null;
}

const DELAY = { is: 'integer', optional: true, min: 0, max: 2_000_000_000 } as const;
const TIME_FORM: Form = { after_ms: DELAY, every_ms: { ...DELAY, min: 10 } };
const REMEMBERED_MAX = 100;
const PENDING_MAX = 100_000;

/** The steps in a JSON value; a Refusal that names the step that is wrong. */
export function stepsOf(value: unknown): readonly Step[] {
  if (!Array.isArray(value)) throw new Refusal('A scenario must be a JSON array of actions.');
  if (value.length > PENDING_MAX) throw new Refusal(`A scenario has at most ${PENDING_MAX} steps.`);
  return value.map((step: unknown, index) => stepOf(step, `Step ${index + 1}`));
}

function stepOf(value: unknown, at: string): Step {
  if (!isObject(value)) throw new Refusal(`${at} must be a JSON object.`);
  const { after_ms: afterMs, every_ms: everyMs, ...action } = value;
  const times = [
    ...(afterMs === undefined ? [] : [['after_ms', afterMs]]),
    ...(everyMs === undefined ? [] : [['every_ms', everyMs]]),
  ];
  refuseAll(misfitsOf(Object.fromEntries(times), TIME_FORM, at));
  return {
    action: actionOf(action, at),
    afterMs: typeof afterMs === 'number' ? afterMs : 0,
    everyMs: typeof everyMs === 'number' ? everyMs : null,
  };
}

export class Scenario {
  readonly #clock: SimulatorClock;
  readonly #perform: (action: Action) => void;
  readonly #timers = new Map<Step, { cancel(): void }>();
  #played: PlayedStep[] = [];

  constructor(clock: SimulatorClock, perform: (action: Action) => void) {
    this.#clock = clock;
    this.#perform = perform;
  }

  /** Plays what is due at once, and arranges the rest. */
  play(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step.afterMs === 0) this.#run(step);
      else this.#arrange(step, step.afterMs);
    }
  }

  /** Forgets everything that is still to come. */
  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  pending(): readonly Step[] {
    return [...this.#timers.keys()];
  }

  /** The latest steps, oldest first. */
  played(): readonly PlayedStep[] {
    return this.#played;
  }

  #arrange(step: Step, delayMs: number): void {
    this.#timers.set(
      step,
      this.#clock.after(delayMs, () => this.#run(step)),
    );
  }

  #run(step: Step): void {
    this.#timers.delete(step);
    const refusal = this.#attempt(step);
    const entry = { ...step, at: this.#clock.now(), refusal };
    this.#played = [...this.#played.slice(1 - REMEMBERED_MAX), entry];
    if (step.everyMs !== null) this.#arrange(step, step.everyMs);
  }

  #attempt(step: Step): string | null {
    try {
      this.#perform(step.action);
      return null;
    } catch (error) {
      if (error instanceof Error) return error.message;
      throw error;
    }
  }
}
