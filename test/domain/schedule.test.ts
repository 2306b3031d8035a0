import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextDueAt, slotOf, soonerMs } from '#domain/schedule.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 2, 1, 12);

test('a slot falls due once in every interval, always in the future, whatever the clock did', () => {
  const interval = fc.integer({ min: 15_000, max: 86_400_000 });
  fc.assert(
    fc.property(
      fc.nat(2 ** 31 - 1),
      interval,
      fc.integer({ min: -1e6, max: 1e9 }),
      (slot, ms, at) => {
        const now = NOW + at;
        const next = nextDueAt(slot, ms, now);
        assert.ok(next > now && next <= now + ms);
        assert.equal(nextDueAt(slot, ms, next), next + ms);
        assert.equal(nextDueAt(slot, ms, next - 1), next);
      },
    ),
  );
});

test('a channel that is read twice as often meets its group at every second read', () => {
  const slot = slotOf('cr_1', 0);
  const slow = nextDueAt(slot, 4 * MINUTE, NOW);
  const reads = Array.from(
    { length: 8 },
    (_, at) => nextDueAt(slot, 2 * MINUTE, NOW) + at * 2 * MINUTE,
  );
  assert.ok(reads.includes(slow));
});

test('groups are spread over the interval', () => {
  const slices = Array.from({ length: 20 }, () => 0);
  for (let credential = 0; credential < 20; credential += 1) {
    for (let group = 0; group < 100; group += 1) {
      const due = nextDueAt(slotOf(`cr_${credential}`, group), MINUTE, NOW) - NOW;
      const slice = Math.min(19, Math.floor((due / MINUTE) * 20));
      slices[slice] = (slices[slice] ?? 0) + 1;
    }
  }
  for (const count of slices) assert.ok(count > 60 && count < 140, slices.join(' '));
});

test('an answer that cannot be judged is looked at sooner, and what it names is not the schedule’s', () => {
  const paced = { intervalMs: 5 * MINUTE, now: NOW };
  const since = NOW - MINUTE;
  assert.equal(soonerMs({ ...paced, status: 'UNKNOWN', since }), 30_000);
  for (const status of ['AVAILABLE', 'LIMITED', 'BLOCKED'] as const) {
    assert.equal(soonerMs({ ...paced, status, since }), null);
  }
  const old = NOW - 60 * MINUTE;
  assert.equal(soonerMs({ ...paced, status: 'UNKNOWN', since: old }), 2.5 * MINUTE);
  assert.equal(soonerMs({ ...paced, status: 'UNKNOWN', since: old, intervalMs: 15_000 }), null);
});
