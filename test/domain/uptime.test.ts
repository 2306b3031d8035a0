import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Status } from '#domain/status.ts';
import { STATUSES } from '#domain/status.ts';
import type { Span, StatusFrom } from '#domain/uptime.ts';
import { uptimeOf } from '#domain/uptime.ts';

interface Question {
  readonly range: Span;
  readonly statuses: readonly StatusFrom[];
  readonly excluded: readonly Span[];
}

test('LIMITED is up and shown apart, BLOCKED is down, UNKNOWN is neither', () => {
  const statuses = from([0, 'AVAILABLE'], [60, 'LIMITED'], [80, 'BLOCKED'], [90, 'UNKNOWN']);
  assert.deepEqual(uptimeOf({ range: { from: 0, until: 120 }, statuses, excluded: [] }), {
    upMs: 60,
    limitedMs: 20,
    downMs: 10,
    unmeasuredMs: 30,
    uptime: 80 / 90,
    coverage: 90 / 120,
  });
});

test('what was not measured has no uptime, and says so by its coverage', () => {
  const range = { from: 100, until: 200 };
  const nothing = { uptime: null, coverage: 0, upMs: 0, limitedMs: 0, downMs: 0 };
  for (const statuses of [[], from([0, 'UNKNOWN']), from([200, 'AVAILABLE'])]) {
    const uptime = uptimeOf({ range, statuses, excluded: [] });
    assert.deepEqual(uptime, { ...nothing, unmeasuredMs: 100 });
  }
});

test('a range of no length, or one that ends before it begins, measures nothing', () => {
  for (const until of [100, 50]) {
    const range = { from: 100, until };
    const uptime = uptimeOf({ range, statuses: from([0, 'AVAILABLE']), excluded: [] });
    assert.equal(uptime.uptime, null);
    assert.equal(uptime.coverage, 0);
    assert.equal(uptime.unmeasuredMs, 0);
  }
});

test('after a clock stepped back the later word counts, whatever was told of that time before', () => {
  const statuses = from([0, 'AVAILABLE'], [100, 'BLOCKED'], [50, 'LIMITED']);
  const uptime = uptimeOf({ range: { from: 0, until: 200 }, statuses, excluded: [] });
  assert.deepEqual([uptime.upMs, uptime.limitedMs, uptime.downMs], [50, 150, 0]);
});

test('uptime is what counting second by second would give', () => {
  fc.assert(
    fc.property(anyQuestion, (question) => {
      assert.deepEqual(uptimeOf(question), counted(question));
    }),
    { numRuns: 2_000 },
  );
});

test('a range is the sum of its parts, wherever it is cut', () => {
  fc.assert(
    fc.property(anyQuestion, fc.integer({ min: 0, max: 60 }), (question, cut) => {
      const { range } = question;
      const at = Math.min(Math.max(range.from, cut), range.until);
      const parts = [
        uptimeOf({ ...question, range: { from: range.from, until: at } }),
        uptimeOf({ ...question, range: { from: at, until: range.until } }),
      ];
      const whole = uptimeOf(question);
      for (const field of ['upMs', 'limitedMs', 'downMs', 'unmeasuredMs'] as const) {
        assert.equal(sum(parts.map((part) => part[field])), whole[field], field);
      }
    }),
  );
});

const moment = fc.integer({ min: 0, max: 60 });

/** Spans that touch, overlap, lie within each other, are empty or turned around. */
const anySpan: fc.Arbitrary<Span> = fc.record({ from: moment, until: moment });

const anyQuestion: fc.Arbitrary<Question> = fc.record({
  range: anySpan.map(({ from: one, until: other }) => ({
    from: Math.min(one, other),
    until: Math.max(one, other),
  })),
  // In any order of time: clocks step back.
  statuses: fc.array(
    fc.record({ at: moment, status: fc.option(fc.constantFrom(...STATUSES), { nil: null }) }),
    { maxLength: 12 },
  ),
  excluded: fc.array(anySpan, { maxLength: 6 }),
});

/** The same, one second after the other. */
function counted({ range, statuses, excluded }: Question) {
  const ms: Record<Status, number> = { AVAILABLE: 0, LIMITED: 0, BLOCKED: 0, UNKNOWN: 0 };
  for (let second = range.from; second < range.until; second += 1) {
    if (excluded.some((span) => span.from <= second && second < span.until)) continue;
    const status = statuses.findLast(({ at }) => at <= second)?.status ?? null;
    if (status !== null) ms[status] += 1;
  }
  const measured = ms.AVAILABLE + ms.LIMITED + ms.BLOCKED;
  const whole = range.until - range.from;
  return {
    upMs: ms.AVAILABLE,
    limitedMs: ms.LIMITED,
    downMs: ms.BLOCKED,
    unmeasuredMs: whole - measured,
    uptime: measured === 0 ? null : (ms.AVAILABLE + ms.LIMITED) / measured,
    coverage: whole === 0 ? 0 : measured / whole,
  };
}

function from(...pairs: readonly (readonly [number, Status])[]): readonly StatusFrom[] {
  return pairs.map(([at, status]) => ({ at, status }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
