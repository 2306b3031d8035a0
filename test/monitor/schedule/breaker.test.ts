/** When scheduled reads are held back, and what lets them go on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BREAKER_SLICE_MS } from '#domain/breaker.ts';
import { Breaker } from '#monitor/schedule/breaker.ts';
import type { Ended } from '#monitor/schedule/breaker.ts';

const NOON = Date.UTC(2026, 2, 1, 12);
const BAD: readonly Ended[] = ['a', 'b', 'c', 'd', 'e', 'f'].map((subject) => ({
  subject,
  failure: 'upstream_error',
}));
const GOOD: readonly Ended[] = BAD.map(({ subject }) => ({ subject, failure: null }));

test('an open breaker closes by what its probe saw, not by reads that began before', () => {
  const { breaker, now } = opened('one');
  breaker.note(GOOD, { now, isProbe: false });
  assert.notEqual(breaker.openSince, null);
  breaker.note(BAD, { now, isProbe: true });
  assert.notEqual(breaker.openSince, null);
  breaker.note(GOOD, { now, isProbe: true });
  assert.equal(breaker.openSince, null);
});

test('what others saw before it closed does not open it again', () => {
  const other = opened('other').breaker;
  const { breaker, now } = opened('one');
  breaker.note(GOOD, { now, isProbe: true });
  breaker.hear(other.tallies(), now);
  assert.equal(breaker.openSince, null);
  const fresh = new Breaker('graph', 'fresh');
  fresh.hear(other.tallies(), now);
  assert.notEqual(fresh.openSince, null, 'the tallies alone would have opened it');
});

test('once a halving found nothing good, nor anything else was, none follows for a while', () => {
  const breaker = new Breaker('graph', 'one');
  assert.equal(breaker.mayHalve(NOON), true);
  breaker.halved({ began: NOON, now: NOON + 10, isAnyGood: false });
  assert.equal(breaker.mayHalve(NOON + 20), false);
  assert.equal(breaker.mayHalve(NOON + 60_000), true);
  breaker.note(GOOD, { now: NOON + 60_001, isProbe: false });
  breaker.halved({ began: NOON + 60_000, now: NOON + 60_010, isAnyGood: false });
  assert.equal(breaker.mayHalve(NOON + 60_020), true, 'others were read meanwhile');
});

/** One that opened after two minutes in which everything failed. */
function opened(program: string): { readonly breaker: Breaker; readonly now: number } {
  const breaker = new Breaker('graph', program);
  let now = NOON;
  for (let slice = 0; slice < 12; slice += 1) {
    now = NOON + slice * BREAKER_SLICE_MS;
    breaker.note(BAD, { now, isProbe: false });
  }
  assert.notEqual(breaker.openSince, null);
  return { breaker, now };
}
