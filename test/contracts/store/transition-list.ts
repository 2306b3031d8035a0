/** Transitions as they are looked for: page by page, and by series. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Transition } from '#domain/transition.ts';
import { TRANSITION_KINDS, verdictSeries } from '#domain/transition.ts';
import type { TransitionFilter } from '#ports/history.ts';
import { addAcme, NOON } from '#test/contracts/store/acme.ts';
import { allPages, type OpenStore, refuses } from '#test/contracts/store/harness.ts';
import { addTransitions, aTransition, listed } from '#test/contracts/store/transitions.ts';

export function transitionListContract(open: OpenStore): void {
  pagingContract(open);
  seriesContract(open);
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

/** A word of an entity, as far as it is about that entity. */
function word(type: string, subjectId: string | null) {
  return {
    kind: 'entity',
    series: `entity:${JSON.stringify([type, subjectId, 'messaging'])}`,
    subjectType: type,
    subjectId,
  } as const;
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
