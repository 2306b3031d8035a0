/** Transitions and the verdicts that they tell: kept, with the bodies that they name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECORDED_BEFORE_ALL } from '#domain/transition.ts';
import {
  addAcme,
  addSupport,
  bodyOf,
  failedState,
  goodState,
  NOON,
  sha256,
} from '#test/contracts/store/acme.ts';
import { type OpenStore, rowOf } from '#test/contracts/store/harness.ts';
import { addTransitions, aTransition, listed } from '#test/contracts/store/transitions.ts';

const BODY = bodyOf('{"health_status":{"can_send_message":"BLOCKED"},"id":"1"}');

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

  test('since when a capability last worked stands in its row until told otherwise', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const workedOf = async () => (await rowOf(store, id)).worked;
    assert.deepEqual(await workedOf(), { messaging: null, calling: null });
    const recorded = { messaging: 'BLOCKED', calling: 'AVAILABLE', reason: null } as const;
    const worked = { messaging: NOON, calling: null };
    await store.change((tx) => tx.history.record(id, { recorded, cause: null, worked }));
    assert.deepEqual(await workedOf(), worked);
    await store.change((tx) => tx.history.record(id, { recorded, cause: 'WABA/141006' }));
    await store.change((tx) => tx.channels.writeState(id, goodState(1, BODY), BODY));
    assert.deepEqual(await workedOf(), worked);
    const later = { messaging: null, calling: NOON + 1 };
    await store.change((tx) => tx.history.record(id, { recorded, cause: null, worked: later }));
    assert.deepEqual(await workedOf(), later);
  });

  test('one read may change more than a statement takes', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const many = Array.from({ length: 4_000 }, (_, attempt) => aTransition(id, { attempt }));
    await addTransitions(store, many);
    const all = await listed(store, { channelId: id }, 500);
    const attempts = all.map(({ attempt }) => attempt ?? -1);
    assert.deepEqual(
      attempts.toSorted((one, other) => one - other),
      many.map(({ attempt }) => attempt),
    );
  });

  test('a transition comes back as it was written, after a restart too', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    await store.change((tx) => tx.channels.writeState(id, goodState(1, BODY), BODY));
    const hash = sha256(BODY);
    const whole = aTransition(id, {
      kind: 'finding',
      series: 'finding:["entity","WABA","1","141006"]',
      subjectType: 'WABA',
      subjectId: '102290129340398',
      code: '141006',
      was: null,
      is: 'present',
      detail: 'Payment "failed" 💳, <script>, \u202e',
      attempt: 7,
      startedAt: NOON - 250,
      traceId: 'Abc123',
      version: 'v26.0',
      bodyBefore: hash,
      bodyAfter: hash,
    });
    const bare = aTransition(id, { at: NOON - 1, capability: null });
    await addTransitions(store, [bare, whole]);
    const reopened = await store.reopen();
    assert.deepEqual(await listed(reopened, { channelId: id }), [whole, bare]);
  });

  test('text that no engine could store is kept with a mark where it was', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    await addTransitions(store, [aTransition(id, { detail: 'NUL \u0000, lone \ud800', is: '\0' })]);
    const [only] = await listed(store, {});
    assert.deepEqual([only?.detail, only?.is], ['NUL \u{fffd}, lone \u{fffd}', '\u{fffd}']);
  });

  test('transitions of a change that fails were never written', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const change = store.change(async (tx) => {
      await tx.history.add([aTransition(id)]);
      throw new Error('oops');
    });
    await assert.rejects(change, /oops/);
    assert.deepEqual(await listed(store, {}), []);
  });

  test('a body is found by its hash as long as a transition names it', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const other = bodyOf('{"health_status":{},"id":"2"}');
    const [before, after] = [sha256(BODY), sha256(other)];
    await store.change((tx) => tx.channels.writeState(id, goodState(1, BODY), BODY));
    await store.change(async (tx) => {
      await tx.channels.writeState(id, goodState(2, other), other);
      await tx.history.add([aTransition(id, { bodyBefore: before, bodyAfter: after })]);
      await tx.channels.dropBody(before);
    });
    const stored = (hash: string) => store.read((view) => view.history.bodyOf(hash));
    assert.deepEqual(await stored(before), BODY);
    assert.deepEqual(await stored(after), other);
    assert.equal(await stored(sha256('never said')), null);
    await store.change((tx) => tx.channels.purge(id));
    assert.equal(await stored(before), null);
    assert.equal(await stored(after), null);
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
