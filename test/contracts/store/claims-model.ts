/**
 * Any order of claiming, reading and writing, by several processes whose reads outlast their leases:
 * the store agrees with a model of a few lines.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NEVER_READ, stateAfter, type ChannelState, type Outcome } from '#domain/channel-state.ts';
import type { Channel } from '#domain/channel.ts';
import type { Store } from '#ports/store.ts';
import { addAcme, aSnapshot, bodyOf, NOON, TIMED_OUT } from '#test/contracts/store/acme.ts';
import { type OpenStore, rowOf } from '#test/contracts/store/harness.ts';

const LEASE_MS = 30;
const RUNS = 40;

type Step =
  /** So many claim at the same time, `afterMs` later. */
  | { readonly kind: 'claim'; readonly afterMs: number; readonly rivals: number }
  /** One of the attempts handed out so far ends; some end twice. */
  | { readonly kind: 'end'; readonly which: number; readonly ok: boolean; readonly body: number };

const steps = fc.array(
  fc.oneof(
    fc.record<Step & { kind: 'claim' }>({
      kind: fc.constant('claim'),
      afterMs: fc.integer({ min: 0, max: 2 * LEASE_MS }),
      rivals: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record<Step & { kind: 'end' }>({
      kind: fc.constant('end'),
      which: fc.nat(),
      ok: fc.boolean(),
      body: fc.nat(2),
    }),
  ),
  { minLength: 1, maxLength: 30 },
);

export function claimsModelContract(open: OpenStore): void {
  test('no order of events gives two live leases or an older outcome over a newer', async () => {
    await using store = await open();
    const names = Array.from({ length: RUNS * 3 }, (_, run) => `run-${run}`);
    const channels = [...(await addAcme(store, ...names))];
    await fc.assert(
      fc.asyncProperty(steps, async (run) => {
        const channel = channels.pop();
        assert.ok(channel, 'more runs than channels');
        const model = new Model(store, channel);
        for (const step of run) await model.take(step);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
}

class Model {
  readonly #store: Store;
  readonly #channel: Channel;
  #now = NOON;
  #claimed = 0;
  #leaseUntil = 0;
  #state: ChannelState = NEVER_READ;

  constructor(store: Store, channel: Channel) {
    this.#store = store;
    this.#channel = channel;
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'claim') await this.#claim(step);
    else if (this.#claimed > 0) await this.#end(step);
    assert.deepEqual((await rowOf(this.#store, this.#channel.id)).state, this.#state);
  }

  async #claim({ afterMs, rivals }: Step & { kind: 'claim' }): Promise<void> {
    this.#now += afterMs;
    const claims = await Promise.all(
      Array.from({ length: rivals }, () =>
        this.#store.change((tx) => tx.channels.claim(this.#channel.id, this.#now, LEASE_MS)),
      ),
    );
    const given = claims.filter((claim) => claim !== null);
    if (this.#leaseUntil > this.#now) {
      assert.deepEqual(given, []);
      return;
    }
    this.#claimed += 1;
    this.#leaseUntil = this.#now + LEASE_MS;
    assert.deepEqual(given, [{ attempt: this.#claimed, leaseUntil: this.#leaseUntil }]);
  }

  async #end({ which, ok, body }: Step & { kind: 'end' }): Promise<void> {
    const attempt = 1 + (which % this.#claimed);
    const bytes = ok ? bodyOf(`body ${body}`) : null;
    const outcome: Outcome =
      bytes === null
        ? { ok: false, attempt, at: this.#now, failure: TIMED_OUT }
        : { ok: true, snapshot: aSnapshot(attempt, bytes) };
    // What a process that read the state before anybody else wrote would arrive at.
    const stale = stateAfter(NEVER_READ, outcome);
    const isNewer = attempt > this.#state.attempt;
    const wish = isNewer ? stateAfter(this.#state, outcome) : stale;
    const written = await this.#store.change((tx) =>
      tx.channels.writeState(this.#channel.id, wish, bytes),
    );
    assert.equal(written, isNewer);
    if (!isNewer) return;
    this.#state = wish;
    if (attempt === this.#claimed) this.#leaseUntil = 0;
  }
}
