/** What is erased when its retention ends, and what stays. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Transition } from '#domain/transition.ts';
import type { Store } from '#ports/store.ts';
import {
  addAcme,
  addSupport,
  bodyOf,
  goodState,
  NOON,
  sha256,
} from '#test/contracts/store/acme.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';
import { addTransitions, aTransition, listed } from '#test/contracts/store/transitions.ts';

export function pruningContract(open: OpenStore): void {
  test('of each series the newest transition before the horizon stays, whatever the steps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            at: fc.integer({ min: NOON - 10, max: NOON + 3 }),
            series: fc.constantFrom('one', 'two', 'three'),
            channel: fc.constantFrom(0, 1),
          }),
          { maxLength: 30 },
        ),
        fc.integer({ min: 1, max: 12 }),
        async (told, limit) => {
          await using store = await open();
          const channels = await addAcme(store, 'support', 'sales');
          const written = told.map(({ channel, ...about }) =>
            aTransition(channels[channel]?.id ?? assert.fail(), about),
          );
          await addTransitions(store, written);
          const erased = await pruneAll(store, NOON, limit);
          const kept = await listed(store, {}, 500);
          assert.deepEqual(new Set(kept.map(({ id }) => id)), idsOf(remaining(written)));
          assert.equal(erased, written.length - kept.length);
          assert.equal(await pruneAll(store, NOON, limit), 0);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('a body goes with the last that refers to it', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const bodies = [1, 2, 3].map((n) => bodyOf(`{"health_status":{},"id":"${n}"}`));
    const [first = '', second = '', third = ''] = bodies.map(sha256);
    for (const [index, body] of bodies.entries()) {
      await store.change((tx) => tx.channels.writeState(id, goodState(index + 1, body), body));
    }
    const [lost] = bodies;
    await store.change(async (tx) => {
      await tx.history.add([
        aTransition(id, { at: NOON - 3, bodyBefore: first, bodyAfter: second }),
        aTransition(id, { at: NOON - 2, bodyBefore: second, bodyAfter: third }),
        aTransition(id, { at: NOON + 1, bodyBefore: third, bodyAfter: third }),
      ]);
    });
    const stored = (hash: string) => store.read((view) => view.history.bodyOf(hash));
    assert.deepEqual(await stored(first), lost);
    assert.equal(await pruneAll(store, NOON, 500), 1);
    assert.equal(await stored(first), null);
    assert.notEqual(await stored(second), null);
    assert.notEqual(await stored(third), null);
  });

  test('the history of one channel is erased in steps, and that of others is not', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    await addTransitions(store, [
      ...Array.from({ length: 7 }, () => aTransition(support.id)),
      aTransition(sales.id),
    ]);
    const erase = () => store.change((tx) => tx.history.eraseOf(support.id, 3));
    assert.deepEqual([await erase(), await erase(), await erase(), await erase()], [3, 3, 1, 0]);
    assert.equal((await listed(store, {})).length, 1);
  });

  test('removed channels are found in the order of their removal, once it is long ago', async () => {
    await using store = await open();
    const channels = await addAcme(store, 'support', 'sales', 'orders', 'returns');
    for (const [index, { id }] of channels.slice(0, 3).entries()) {
      await store.change((tx) => tx.channels.archive(id, NOON - index));
    }
    const found = (limit: number) =>
      store.read(async (view) =>
        (await view.channels.archivedBefore(NOON, limit)).map(({ name }) => name),
      );
    assert.deepEqual(await found(500), ['orders', 'sales']);
    assert.deepEqual(await found(1), ['orders']);
  });
}

async function pruneAll(store: Store, before: number, limit: number): Promise<number> {
  let erased = 0;
  let after: string | null = null;
  do {
    const about = { before, after, limit };
    const step: { next: string | null; erased: number } = await store.change((tx) =>
      tx.history.prune(about),
    );
    assert.ok(step.erased <= limit);
    erased += step.erased;
    after = step.next;
  } while (after !== null);
  return erased;
}

function remaining(written: readonly Transition[]): readonly Transition[] {
  return written.filter((one) => {
    if (one.at >= NOON) return true;
    return !written.some(
      (other) =>
        other.channelId === one.channelId &&
        other.series === one.series &&
        other.at < NOON &&
        (other.at > one.at || (other.at === one.at && other.id > one.id)),
    );
  });
}

function idsOf(transitions: readonly Transition[]): ReadonlySet<string> {
  return new Set(transitions.map(({ id }) => id));
}
