/** Transitions and the verdicts that they tell. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_READ, RECORDED_BEFORE_ALL, type Transition } from '#domain/transition.ts';
import type { ChannelId } from '#domain/id.ts';
import {
  addAcme,
  addSupport,
  bodyOf,
  failedState,
  goodState,
  NOON,
} from '#test/contracts/store/acme.ts';
import { type OpenStore, rowOf } from '#test/contracts/store/harness.ts';
import { createFakeIds } from '#test/fakes/ids.ts';

const ids = createFakeIds();

export function historyContract(open: OpenStore): void {
  test('what history tells of a channel stands in its row', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const recordedOf = () => store.read((view) => view.history.recordedOf(id));
    assert.deepEqual(await recordedOf(), RECORDED_BEFORE_ALL);
    const recorded = { messaging: 'LIMITED', calling: 'AVAILABLE', reason: null } as const;
    await store.change(async (tx) => {
      await tx.history.add([aTransition(id, { detail: 'as "Meta" said 💳' })]);
      await tx.history.record(id, { recorded, cause: 'WABA/141006' });
    });
    assert.deepEqual(await recordedOf(), recorded);
    assert.deepEqual((await rowOf(store, id)).recorded, recorded);
    await store.change((tx) => tx.history.add([]));
  });

  test('words of others are kept whatever is in them', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const strange = 'zero\u0000byte, lone \ud800 surrogate, \u202e and 🟢';
    await store.change((tx) =>
      tx.history.add([aTransition(id, { was: strange, is: strange, detail: strange })]),
    );
  });

  test('a body stays as long as a transition names it, and goes with the channel', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    const [before, after] = [bodyOf('{"health_status":1}'), bodyOf('{"health_status":2}')];
    await store.change(async (tx) => {
      await tx.channels.writeState(support.id, goodState(1, before), before);
      const named = goodState(1, before).good?.bodyHash ?? null;
      await tx.history.add([aTransition(support.id, { bodyBefore: named })]);
      await tx.channels.writeState(support.id, goodState(2, after), after);
      await tx.channels.writeState(sales.id, goodState(1, after), after);
    });
    await store.change((tx) => tx.channels.purge(support.id));
    assert.equal(await store.read((view) => view.channels.find(support.id)), null);
    assert.deepEqual(await store.read((view) => view.channels.bodyOf(sales.id)), after);
  });

  test('who waits for another change finds all of what it wrote, and nothing from before', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const body = bodyOf('{"health_status":{}}');
    await store.change((tx) => tx.channels.writeState(id, goodState(1, body), body));
    const steps = Array.from({ length: 12 }, (_, at) => at + 2);
    await Promise.all(
      steps.map(() =>
        store.change(async (tx) => {
          const row = await tx.channels.findRow(id);
          assert.ok(row);
          const { state } = row;
          assert.equal(state.lastFailure?.attempt ?? 1, state.attempt, 'two halves of two states');
          assert.equal(state.lastFailure?.inARow ?? 0, state.attempt - 1);
          await tx.channels.writeState(id, failedState(state.attempt + 1, state), null);
        }),
      ),
    );
    assert.equal((await rowOf(store, id)).state.attempt, 1 + steps.length);
  });
}

function aTransition(channelId: ChannelId, about: Partial<Transition> = {}): Transition {
  return {
    ...NO_READ,
    id: ids.next('tr'),
    channelId,
    at: NOON,
    kind: 'verdict',
    series: 'verdict/messaging',
    capability: 'messaging',
    subjectType: null,
    subjectId: null,
    code: null,
    was: 'AVAILABLE',
    is: 'LIMITED',
    detail: null,
    ...about,
  };
}
