/**
 * Whether requests should be sent here. Not ready before the store was first reached and while
 * draining; never for a store that is lost later or for Meta, since stored answers are served then.
 */
import type { ReadinessCheck } from '#http/context.ts';

export class Readiness {
  #draining = false;

  /** From now on, balancers should send requests elsewhere. */
  drain(): void {
    this.#draining = true;
  }

  checks(): readonly ReadinessCheck[] {
    // Nothing listens before the store was reached, so whoever can ask has its answer.
    return [
      { name: 'store', ok: true, detail: null },
      {
        name: 'draining',
        ok: !this.#draining,
        detail: this.#draining ? 'the server is stopping' : null,
      },
    ];
  }
}
