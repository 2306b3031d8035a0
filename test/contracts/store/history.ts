/** Transitions: kept, paged, read by series. */
import assert from 'node:assert/strict';
import { AsyncResource } from 'node:async_hooks';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Transition } from '#domain/transition.ts';
import { RECORDED_BEFORE_ALL, TRANSITION_KINDS, verdictSeries } from '#domain/transition.ts';
import type { TransitionFilter } from '#ports/history.ts';
import {
  addAcme,
  addSupport,
  bodyOf,
  goodState,
  NOON,
  sha256,
} from '#test/contracts/store/acme.ts';
import { allPages, type OpenStore, refuses } from '#test/contracts/store/harness.ts';
import { addTransitions, aTransition, listed } from '#test/contracts/store/transitions.ts';

const BODY = bodyOf('{"health_status":{"can_send_message":"BLOCKED"},"id":"1"}');

export function historyContract(open: OpenStore): void {
  keepingContract(open);
  pagingContract(open);
  seriesContract(open);
  scanContract(open);
}

function keepingContract(open: OpenStore): void {
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

  test('what history tells of a channel is kept, and is as before all without any', async () => {
    await using store = await open();
    const { id } = await addSupport(store);
    const recordedOf = () => store.read((view) => view.history.recordedOf(id));
    assert.deepEqual(await recordedOf(), RECORDED_BEFORE_ALL);
    const recorded = { messaging: 'UNKNOWN', calling: 'LIMITED', reason: 'outdated' } as const;
    await store.change((tx) => tx.history.record(id, { recorded, cause: null }));
    assert.deepEqual(await recordedOf(), recorded);
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
}

function pagingContract(open: OpenStore): void {
  test('any filter and any page size find the same transitions, newest first', async () => {
    await using store = await open();
    const channels = await addAcme(store, 'support', 'sales');
    const all = fc.sample(
      fc.record({
        channel: fc.constantFrom(...channels),
        at: fc.integer({ min: NOON, max: NOON + 9 }),
        kind: fc.constantFrom(...TRANSITION_KINDS),
        series: fc.constantFrom('one', 'two'),
      }),
      { numRuns: 60, seed: 3 },
    );
    const written = all.map(({ channel: { id }, ...about }) => aTransition(id, about));
    await addTransitions(store, written);
    const moment = fc.integer({ min: NOON - 1, max: NOON + 11 });
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            channelId: fc.constantFrom(...channels.map(({ id }) => id)),
            kinds: fc.uniqueArray(fc.constantFrom(...TRANSITION_KINDS)),
            from: moment,
            until: moment,
          },
          { requiredKeys: [] },
        ),
        fc.integer({ min: 1, max: 70 }),
        async (filter, limit) => {
          const expected = newestFirst(written.filter((one) => matches(one, filter)));
          assert.deepEqual(await listed(store, filter, limit), expected);
          const walked = await store.scan((view) =>
            allPages(limit, (page) => view.history.walk(page, filter)),
          );
          assert.deepEqual(walked, expected.toReversed());
        },
      ),
      { numRuns: 60 },
    );
    const [support] = channels;
    assert.ok(support);
    const filter = { channelId: support.id, series: 'two' };
    const expected = newestFirst(written.filter((one) => matches(one, filter)));
    assert.deepEqual(await listed(store, filter), expected);
  });

  test('a cursor that no page gave is refused', async () => {
    await using store = await open();
    for (const after of ['', 'x', '12', '12 ch_1', "1 tr_1' or 1=1", '1.5 tr_1']) {
      const page = store.read((view) => view.history.list({ after, limit: 1 }, {}));
      await refuses(page, 'invalid_request', /cursor/);
    }
  });
}

function seriesContract(open: OpenStore): void {
  test('a series is led by the newest before the range, once, however it is paged', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    const series = verdictSeries('messaging');
    const told = [-2, -1, 0, 1, 1, 2, 5].map((ms, index) =>
      aTransition(support.id, { at: NOON + ms, attempt: index + 1, detail: `${index}` }),
    );
    const others = [
      aTransition(support.id, { series: verdictSeries('calling') }),
      aTransition(sales.id),
    ];
    await addTransitions(store, [...others, ...told]);
    const stepsIn = (from: number, until: number, limit: number) =>
      store.scan(async (view) => {
        const about = { series, from: NOON + from, until: NOON + until };
        const steps: unknown[] = [];
        let after: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof view.history.seriesOf>> =
            await view.history.seriesOf(support.id, about, { after, limit });
          steps.push(...page.items.map(({ detail }) => Number(detail)));
          after = page.next;
        } while (after !== null);
        return steps;
      });
    for (const limit of [1, 2, 5, 5_000]) {
      assert.deepEqual(await stepsIn(0, 5, limit), [1, 2, 3, 4, 5]);
      assert.deepEqual(await stepsIn(-9, 0, limit), [0, 1]);
      assert.deepEqual(await stepsIn(3, 4, limit), [5]);
      assert.deepEqual(await stepsIn(6, 9, limit), [6]);
    }
    const page = { after: null, limit: 5 };
    const about = { series, from: NOON + 5, until: NOON + 6 };
    const [, last] = (await store.scan((view) => view.history.seriesOf(support.id, about, page)))
      .items;
    const { id, at, attempt, was, is, detail } = told[6] ?? assert.fail();
    assert.deepEqual(last, { id, at, attempt, was, is, detail });
  });

  test('the entities of a history are told once each, and no other series', async () => {
    await using store = await open();
    const [support, sales] = await addAcme(store, 'support', 'sales');
    assert.ok(support && sales);
    const word = (type: string, subjectId: string | null): Partial<Transition> => ({
      kind: 'entity',
      series: `entity:${JSON.stringify([type, subjectId, 'messaging'])}`,
      subjectType: type,
      subjectId,
    });
    await addTransitions(store, [
      aTransition(support.id, word('WABA', '1')),
      aTransition(support.id, { ...word('WABA', '1'), at: NOON + 1 }),
      aTransition(support.id, word('APP', null)),
      aTransition(support.id, { kind: 'finding', series: 'finding:1' }),
      aTransition(support.id),
      aTransition(sales.id, word('BUSINESS', '3')),
    ]);
    const seen = (limit: number) =>
      store.scan((view) => view.history.entitiesSeen(support.id, limit));
    const [app, waba] = [word('APP', null), word('WABA', '1')];
    const capability = 'messaging';
    assert.deepEqual(await seen(10), [
      { series: app.series, entity: { type: 'APP', id: null }, capability },
      { series: waba.series, entity: { type: 'WABA', id: '1' }, capability },
    ]);
    assert.equal((await seen(1)).length, 1);
  });
}

function scanContract(open: OpenStore): void {
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

function matches(one: Transition, filter: TransitionFilter): boolean {
  const { channelId = one.channelId, kinds = [], series = one.series } = filter;
  return (
    one.channelId === channelId &&
    one.series === series &&
    (kinds.length === 0 || kinds.includes(one.kind)) &&
    one.at >= (filter.from ?? 0) &&
    one.at < (filter.until ?? Infinity)
  );
}

function newestFirst(transitions: readonly Transition[]): readonly Transition[] {
  return transitions.toSorted((one, other) =>
    one.at === other.at ? (one.id < other.id ? 1 : -1) : other.at - one.at,
  );
}
