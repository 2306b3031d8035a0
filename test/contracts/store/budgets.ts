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
    for (const { againAt, everyMs } of refused) assert.ok(againAt > NOON && everyMs > 4_000);
    const later = await store.change((tx) => tx.budgets.take([wish], NOON + HOUR_MS));
    assert.deepEqual(
      later.map(({ granted }) => granted),
      [10],
    );
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
    const wish = { bucket: 'app/waba', use: 'asked', count: 1, perHour: 5_000 } as const;
    const [closed] = await store.change((tx) => tx.budgets.take([wish], NOON));
    assert.deepEqual([closed?.granted, closed?.againAt], [0, NOON + 60_000]);
    assert.deepEqual(await find(), { ...known, closedUntil: NOON + 60_000 });
  });

  test('what an account may ask follows the wish of today, and what is known of the account', async () => {
    await using store = await open();
    const take = (perHour: number) =>
      store.change((tx) =>
        tx.budgets.take([{ bucket: 'w', use: 'scheduled', count: 1, perHour }], NOON),
      );
    const everyMs = async (perHour: number) => (await take(perHour))[0]?.everyMs ?? 0;
    const usual = await everyMs(5_000);
    assert.ok(
      Math.abs((await everyMs(50_000)) - usual / 10) < 1e-6,
      'a larger budget holds at once',
    );
    await store.change((tx) => tx.budgets.learn('w', { isActive: false }));
    assert.ok(Math.abs((await everyMs(5_000)) - usual * 25) < 1e-6, '200 an hour instead of 5,000');
    await store.change((tx) => tx.budgets.learn('w', { isActive: true }));
    assert.ok(Math.abs((await everyMs(5_000)) - usual) < 1e-6);
  });

  test('a closure is never shortened by who knows of a shorter one, and a bucket can be forgotten', async () => {
    await using store = await open();
    const learn = (closedUntil: number) =>
      store.change((tx) => tx.budgets.learn('w', { closedUntil, heldUntil: closedUntil }));
    const find = () => store.read((view) => view.budgets.find('w'));
    await learn(NOON + 1_800_000);
    await learn(NOON + 60_000);
    assert.equal((await find())?.closedUntil, NOON + 1_800_000);
    assert.equal((await find())?.heldUntil, NOON + 1_800_000);
    await learn(NOON + 3_600_000);
    assert.equal((await find())?.closedUntil, NOON + 3_600_000);
    await store.change((tx) => tx.budgets.drop(['w', 'never there']));
    assert.equal(await find(), null);
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
