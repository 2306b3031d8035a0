/** Long reads: one state each, in turn, and never too many. */
import assert from 'node:assert/strict';
import { AsyncResource } from 'node:async_hooks';
import { test } from 'node:test';
import { addSupport } from '#test/contracts/store/acme.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';
import { addTransitions, aTransition } from '#test/contracts/store/transitions.ts';

export function scanContract(open: OpenStore): void {
  test('a scan sees what was committed, one state from its beginning to its end', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    await addTransitions(store, [aTransition(id)]);
    const count = async (view: Parameters<Parameters<typeof store.scan>[0]>[0]) =>
      (await view.history.list({ after: null, limit: 500 }, {})).items.length;
    const [before, during] = await store.scan(async (view) => {
      const first = await count(view);
      await beside(() => addTransitions(store, [aTransition(id)]));
      return [first, await count(view)];
    });
    assert.deepEqual([before, during], [1, 1]);
    assert.equal(await store.scan(count), 2);
  });

  test('a scan that fails says why and leaves the next one alone', async () => {
    await using store = await open();
    await assert.rejects(
      store.scan(() => Promise.reject(new Error('oops'))),
      /oops/,
    );
    const many = Array.from({ length: 20 }, () => store.scan((view) => view.channels.count()));
    assert.deepEqual(new Set(await Promise.all(many)), new Set([0]));
  });

  test('more scans than could be waited for are refused', async () => {
    await using store = await open();
    const many = Array.from({ length: 150 }, () => store.scan((view) => view.channels.count()));
    const ended = await Promise.allSettled(many);
    const refused = ended.filter(({ status }) => status === 'rejected');
    assert.equal(refused.length, 50);
    const one = store.scan((view) => view.channels.count());
    assert.equal(await one, 0);
  });
}

/** Runs work as somebody else would, outside the call that is under way. */
const outside = new AsyncResource('somebody else');

function beside<T>(work: () => Promise<T>): Promise<T> {
  return outside.runInAsyncScope(work);
}
