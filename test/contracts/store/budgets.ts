/** Budgets: what is granted, and that programs which take at once share one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOON } from '#test/contracts/store/acme.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';

const HOUR_MS = 3_600_000;

export function budgetsContract(open: OpenStore): void {
  test('however many take from a bucket at once, it gives what it has and says when there is more', async () => {
    await using store = await open();
    const wish = { bucket: 'app/waba', use: 'scheduled', count: 10, perHour: 1_000 } as const;
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => store.change((tx) => tx.budgets.take([wish], NOON))),
    );
    const grants = taken.flat();
    // Three minutes' worth of what the schedule may use, less what rounding to whole ms costs.
    const total = sum(grants.map(({ granted }) => granted));
    assert.ok(total === 37 || total === 38, `${total} were granted`);
    const refused = grants.filter(({ granted }) => granted === 0);
    assert.ok(refused.length > 0);
    for (const { againAt } of refused) assert.ok(againAt !== null && againAt > NOON);
    const later = await store.change((tx) => tx.budgets.take([wish], NOON + HOUR_MS));
    assert.deepEqual(later, [{ granted: 10, againAt: null }]);
  });

  test('several buckets are taken from at once, each by its own', async () => {
    await using store = await open();
    const wishes = ['b', 'a', 'c'].map((bucket, at) => {
      return { bucket, use: 'asked', count: 1 + at, perHour: 5_000 } as const;
    });
    const grants = await store.change((tx) => tx.budgets.take(wishes, NOON));
    assert.deepEqual(
      grants.map(({ granted }) => granted),
      [1, 2, 3],
    );
    const list = (after: string | null) =>
      store.read((view) => view.budgets.list({ after, limit: 2 }));
    assert.deepEqual(
      (await list(null)).map(({ bucket }) => bucket),
      ['a', 'b'],
    );
    assert.deepEqual(
      (await list('b')).map(({ bucket }) => bucket),
      ['c'],
    );
  });

  test('what was learned of a bucket changes what was given and nothing else', async () => {
    await using store = await open();
    const learn = (facts: { perHour?: number; stretch?: number; closedUntil?: number }) =>
      store.change((tx) => tx.budgets.learn('app/waba', facts));
    const find = () => store.read((view) => view.budgets.find('app/waba'));
    assert.equal(await find(), null);
    await learn({ perHour: 5_000 });
    await learn({ stretch: 1.25 });
    await learn({});
    const known = await find();
    assert.equal(known?.perHour, 5_000);
    assert.equal(known?.stretch, 1.25);
    assert.equal(known?.percent, null);
    await learn({ closedUntil: NOON + 60_000 });
    const wish = { bucket: 'app/waba', use: 'asked', count: 1, perHour: 1 } as const;
    const closed = await store.change((tx) => tx.budgets.take([wish], NOON));
    assert.deepEqual(closed, [{ granted: 0, againAt: NOON + 60_000 }]);
    assert.deepEqual(await find(), { ...known, closedUntil: NOON + 60_000 });
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
