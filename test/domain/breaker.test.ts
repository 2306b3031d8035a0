import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReadCounts } from '#domain/breaker.ts';
import { BREAKER_SLICE_MS, isInTrouble } from '#domain/breaker.ts';

const NOW = Date.UTC(2026, 2, 1, 12);

/** Slices back from now, the newest first. */
function slices(count: number, about: Partial<ReadCounts> = {}): ReadCounts[] {
  return Array.from({ length: count }, (_, at) => ({
    sliceAt: NOW - at * BREAKER_SLICE_MS,
    reads: 10,
    failed: 10,
    subjects: 8,
    failedSubjects: 8,
    ...about,
  }));
}

test('two minutes in which most reads fail across five accounts are trouble', () => {
  assert.equal(isInTrouble(slices(12), NOW), true);
  assert.equal(isInTrouble(slices(12, { failed: 5 }), NOW), true);
  assert.equal(isInTrouble(slices(12, { failed: 4 }), NOW), false);
});

test('a short spell is no trouble, and neither is what lies further back', () => {
  assert.equal(isInTrouble(slices(3), NOW), false);
  assert.equal(isInTrouble(slices(12), NOW + 10 * 60_000), false);
  assert.equal(isInTrouble([], NOW), false);
});

test('few accounts that fail among many are their own trouble, not the upstream’s', () => {
  assert.equal(isInTrouble(slices(12, { failed: 6, failedSubjects: 2 }), NOW), false);
  assert.equal(isInTrouble(slices(12, { subjects: 2, failedSubjects: 2 }), NOW), true);
});
