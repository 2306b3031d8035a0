import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stretchFor, take } from '#domain/budget.ts';
import type { BudgetUse } from '#domain/budget.ts';

const HOUR = 3_600_000;

interface Wish {
  readonly afterMs: number;
  readonly use: BudgetUse;
  readonly count: number;
}

const wishes = fc.array(
  fc.record<Wish>({
    afterMs: fc.nat(120_000),
    use: fc.constantFrom('scheduled', 'asked'),
    count: fc.integer({ min: 1, max: 500 }),
  }),
  { minLength: 1, maxLength: 120 },
);

test('no rolling hour holds more questions than the budget, whoever asks', () => {
  fc.assert(
    fc.property(wishes, fc.integer({ min: 50, max: 20_000 }), (asked, perHour) => {
      const filled = { scheduled: 0, asked: 0 };
      const granted: { at: number; count: number }[] = [];
      let now = HOUR;
      for (const { afterMs, use, count } of asked) {
        now += afterMs;
        const taken = take({ perHour, filledUntil: filled[use] }, { use, count, now });
        filled[use] = taken.filledUntil;
        granted.push({ at: now, count: taken.granted });
      }
      for (const { at } of granted) {
        const inHour = granted.filter((one) => one.at > at - HOUR && one.at <= at);
        const sum = inHour.reduce((all, { count }) => all + count, 0);
        assert.ok(sum <= perHour, `${sum} of ${perHour}`);
      }
    }),
  );
});

test('what was refused is granted at the moment that it was put off to', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(1_000), (perHour, count) => {
      const now = HOUR;
      const all = take({ perHour, filledUntil: 0 }, { use: 'scheduled', count: 1e6, now });
      const { filledUntil } = all;
      const more = { use: 'scheduled' as const, count: count + 1, now };
      const refused = take({ perHour, filledUntil }, more);
      assert.equal(refused.granted, 0);
      const later = { ...more, count: 1, now: refused.againAt };
      assert.equal(take({ perHour, filledUntil }, later).granted, 1);
    }),
  );
});

test('a fifth is kept for reads that people ask for', () => {
  const perHour = 5_000;
  let scheduled = 0;
  let filledUntil = 0;
  for (let now = HOUR; now < 2 * HOUR; now += 1_000) {
    const taken = take({ perHour, filledUntil }, { use: 'scheduled', count: 1_000, now });
    filledUntil = taken.filledUntil;
    scheduled += taken.granted;
  }
  assert.ok(scheduled <= 4_000, `${scheduled} scheduled reads`);
  assert.ok(scheduled >= 3_800, `${scheduled} scheduled reads`);
});

test('a clock that was set back by hours closes no budget', () => {
  const taken = take(
    { perHour: 200, filledUntil: 9 * HOUR },
    { use: 'scheduled', count: 1, now: HOUR },
  );
  assert.equal(taken.granted, 1);
});

test('intervals stretch by what is missing, and not at all where nothing is', () => {
  assert.equal(stretchFor(5_000, 1_000), 1);
  assert.equal(stretchFor(5_000, 3_800), 1);
  assert.equal(stretchFor(5_000, 7_600), 2);
  assert.ok(stretchFor(200, 600) > 3.9);
});
