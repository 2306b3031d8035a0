import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { durationMsOf, durationText } from '#config/duration.ts';

test('durations are read as people write them', () => {
  const cases: Record<string, number | null> = {
    '30s': 30_000,
    '5m': 300_000,
    '1h30m': 5_400_000,
    '500ms': 500,
    '2d': 172_800_000,
    '0s': 0,
    '30': null,
    '': null,
    m5: null,
    '5m1h': null,
    '-5s': null,
    '1.5h': null,
    '5 m': null,
    '99999999999999d': null,
  };
  for (const [text, ms] of Object.entries(cases)) assert.equal(durationMsOf(text), ms, text);
});

test('a duration that we write is read back as the same', () => {
  fc.assert(
    fc.property(fc.nat(), (ms) => {
      assert.equal(durationMsOf(durationText(ms)), ms);
    }),
  );
});
